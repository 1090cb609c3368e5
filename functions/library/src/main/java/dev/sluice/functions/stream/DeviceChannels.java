package dev.sluice.functions.stream;

import dev.sluice.functions.device.Device;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Opens channels for whoever has a wire to a device. */
@ApplicationScoped
public class DeviceChannels {
    private final Transactions transactions;
    private final Channels channels;
    private final Snapshots snapshots;
    private final Arrivals arrivals;
    private final Wake wake;
    private final ClientRequests clients;
    private final GatewayRequests gateways;
    private final ChannelMetrics metrics;
    private final StreamSettings settings;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @Inject
    public DeviceChannels(
            Transactions transactions,
            Channels channels,
            Snapshots snapshots,
            Arrivals arrivals,
            Wake wake,
            ClientRequests clients,
            GatewayRequests gateways,
            ChannelMetrics metrics,
            StreamSettings settings) {
        this.transactions = transactions;
        this.channels = channels;
        this.snapshots = snapshots;
        this.arrivals = arrivals;
        this.wake = wake;
        this.clients = clients;
        this.gateways = gateways;
        this.metrics = metrics;
        this.settings = settings;
    }

    /** A channel of a device that was admitted and has not joined. */
    public DeviceChannel open(Device device, ConnectionPush connection) {
        return open(device, connection, channels);
    }

    /** A channel of a device that somebody else serves than this instance. */
    DeviceChannel open(Device device, ConnectionPush connection, ChannelOwner owner) {
        var requests = switch (device.role()) {
            case CLIENT -> clients;
            case GATEWAY -> gateways;
        };
        return new DeviceChannel(
                device,
                connection,
                transactions,
                owner,
                snapshots,
                arrivals,
                wake,
                requests,
                metrics,
                settings,
                threads,
                System.nanoTime());
    }
}
