package dev.sluice.functions.stream;

import dev.sluice.channel.Frame;
import dev.sluice.channel.FrameCodec;
import dev.sluice.functions.device.Device;
import dev.sluice.functions.flow.Reach;
import dev.sluice.functions.resource.ResourceRows;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Optional;

/** The streams of one instance without its sockets, threads and clocks: a test says when which of them acts. */
final class Portal {
    final Instance instance;
    final Channels channels;
    final Delivery delivery;

    private final Transactions transactions;
    private final Snapshots snapshots;
    final InstanceWake wake;
    final Marks marks;
    private final DueChannels due = new DueChannels();

    Portal(Transactions transactions) {
        this.transactions = transactions;
        var resources = new ResourceRows();
        var reach = new Reach(resources);
        snapshots = new Snapshots(reach, new Relays(Optional.empty()));
        instance = new Instance(transactions, Settings.STREAM);
        channels = new Channels(transactions, transactions, instance, Settings.STREAM);
        wake = new InstanceWake(channels, due);
        marks = new Marks(transactions);
        delivery = new Delivery(transactions, new Messages(resources, reach, snapshots), new Looks(reach), snapshots);
        instance.beat();
    }

    /** The threads that deliver by themselves. */
    Deliverers deliverers(Delivery by) {
        return new Deliverers(
                transactions, instance, channels, by, due, marks, wake, new DeliveryHealth(), Settings.STREAM);
    }

    /** A pass for all that have joined, gateways first, and whether there may be more. */
    boolean deliver() {
        return deliver(System.nanoTime());
    }

    boolean deliver(long now) {
        boolean more = tell(Device.Role.GATEWAY, now);
        more |= tell(Device.Role.CLIENT, now);
        marks.write();
        return more;
    }

    /** A pass for a role, of which nothing is marked yet. */
    boolean tell(Device.Role role, long now) {
        return delivery.deliver(
                channels.ready().stream()
                        .filter(channel -> channel.device().role() == role)
                        .toList(),
                now,
                marks::add);
    }

    /** A connection that has not joined. */
    DeviceChannel connect(Device device, ConnectionPush connection) {
        return new DeviceChannel(
                device,
                connection,
                transactions,
                channels,
                snapshots,
                new Arrivals(Settings.STREAM),
                wake,
                (asking, frame) -> null,
                new ChannelMetrics(new SimpleMeterRegistry()),
                Settings.STREAM,
                Thread::startVirtualThread,
                System.nanoTime());
    }

    DeviceChannel join(Device device, ConnectionPush connection) {
        var channel = connect(device, connection);
        join(channel);
        return channel;
    }

    static void join(DeviceChannel channel) {
        var frame = Frame.join(channel.device().role().word(), 0);
        channel.handle(List.of(FrameCodec.encode(frame)), failure -> {
            if (failure instanceof RuntimeException exception) {
                throw exception;
            }
            throw new AssertionError(failure);
        });
    }
}
