package dev.sluice.functions.stream;

import dev.sluice.channel.Frame;
import dev.sluice.channel.FrameCodec;
import dev.sluice.functions.device.Device;
import dev.sluice.functions.resource.ResourceService;
import dev.sluice.functions.sql.Transactions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Optional;

/** The streams of one instance without its sockets, threads and clocks: a test says when which of them acts. */
final class Portal {
    final Instance instance;
    final Channels channels;
    final Delivery delivery;

    private final Transactions transactions;
    private final Snapshots snapshots;
    private final Wake wake = new Wake();

    Portal(Transactions transactions) {
        this.transactions = transactions;
        var resources = new ResourceService(transactions);
        var reach = new Reach(resources);
        snapshots = new Snapshots(reach, new Relays(Optional.empty()));
        instance = new Instance(transactions);
        channels = new Channels(transactions, transactions, instance);
        delivery = new Delivery(transactions, channels, new Messages(resources, reach, snapshots), new Looks(reach));
        instance.beat();
    }

    void deliver() {
        delivery.deliver(System.nanoTime());
    }

    /** A connection that has not joined. */
    DeviceChannel connect(Device device, Connection connection) {
        return new DeviceChannel(
                device,
                connection,
                transactions,
                channels,
                snapshots,
                wake,
                (asking, frame) -> null,
                new ChannelMetrics(new SimpleMeterRegistry()),
                System.nanoTime());
    }

    DeviceChannel join(Device device, Connection connection) {
        var channel = connect(device, connection);
        join(channel);
        return channel;
    }

    static void join(DeviceChannel channel) {
        channel.handle(FrameCodec.encode(Frame.join(channel.device().role().word(), 0)));
    }
}
