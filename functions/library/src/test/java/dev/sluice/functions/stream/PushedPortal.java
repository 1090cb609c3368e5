package dev.sluice.functions.stream;

import dev.sluice.functions.flow.Reach;
import dev.sluice.functions.resource.ResourceRows;
import dev.sluice.functions.testing.Settings;
import dev.sluice.functions.testing.World;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Optional;

/** The streams of one function, whose devices' connections are held elsewhere. */
final class PushedPortal {
    final PushedConnections connections;

    PushedPortal(World world, ConnectionsApi api) {
        var transactions = world.transactions;
        var resources = new ResourceRows();
        var reach = new Reach(resources);
        var relays = new Relays(Optional.empty());
        var snapshots = new Snapshots(reach, relays);
        var wake = new InvocationWake();
        var metrics = new ChannelMetrics(new SimpleMeterRegistry());
        var candidates = new CandidateService(transactions);
        var newer = new NewerRequests(relays);
        var instance = new Instance(transactions, Settings.STREAM);
        var channels = new DeviceChannels(
                transactions,
                new Channels(transactions, transactions, instance, Settings.STREAM),
                snapshots,
                new Arrivals(Settings.STREAM),
                wake,
                new ClientRequests(world.decisions, candidates, newer, wake, metrics, Settings.FLOW),
                new GatewayRequests(world.confirmations, candidates, newer, wake, metrics),
                metrics,
                Settings.STREAM);
        var delivery = new PushedDelivery(
                transactions,
                new Delivery(transactions, new Messages(resources, reach, snapshots), new Looks(reach), snapshots),
                new Marks(transactions),
                api);
        connections = new PushedConnections(
                transactions,
                new Handshake(world.verifier(), world.devices),
                channels,
                delivery,
                wake,
                api,
                instance,
                Settings.STREAM);
    }
}
