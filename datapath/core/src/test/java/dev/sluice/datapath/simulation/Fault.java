package dev.sluice.datapath.simulation;

import dev.sluice.channel.Filter;
import dev.sluice.channel.Reason;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Something that goes wrong somewhere, and comes right again: the action strikes, and what it returns heals. */
enum Fault {
    PORTAL_DOWN(world -> {
        world.portal().stop();
        return world.portal()::start;
    }),
    CLIENT_CUT_FROM_PORTAL(world -> cutFromPortal(world, anyClient(world).id())),
    GATEWAY_CUT_FROM_PORTAL(world -> cutFromPortal(world, anyGateway(world).id())),
    CLIENT_CUT_FROM_NETWORK(world -> link(world, anyClient(world).name(), Link.CUT)),
    GATEWAY_CUT_FROM_NETWORK(world -> link(world, anyGateway(world).name(), Link.CUT)),
    CLIENT_LOSSY(world -> link(world, anyClient(world).name(), Link.LOSSY)),
    GATEWAY_LOSSY(world -> link(world, anyGateway(world).name(), Link.LOSSY)),
    CLIENT_STREAM_HELD(world -> holdStream(world, anyClient(world).id())),
    GATEWAY_STREAM_HELD(world -> holdStream(world, anyGateway(world).id())),
    CLIENT_KILLED(world -> {
        SimulatedClient client = anyClient(world);
        client.kill();
        return client::start;
    }),
    CLIENT_STOPPED(world -> {
        SimulatedClient client = anyClient(world);
        client.stop();
        return client::start;
    }),
    GATEWAY_KILLED(world -> {
        SimulatedGateway gateway = anyGateway(world);
        gateway.kill();
        return gateway::start;
    }),
    GATEWAY_STOPPED(world -> {
        SimulatedGateway gateway = anyGateway(world);
        gateway.stop();
        return gateway::start;
    }),
    CLIENT_ROAMED(world -> {
        SimulatedClient client = anyClient(world);
        client.roam(world.freshAddress());
        return () -> {};
    }),
    GATEWAY_ROAMED(world -> {
        anyGateway(world).roam(world.freshAddress());
        return () -> {};
    }),
    GRANT_LOST(world -> {
        world.portal()
                .rejectOnly(
                        anyClient(world).id(),
                        any(world, world.portal().resources()).id());
        return () -> {};
    }),
    ACCESS_REVOKED(world -> {
        var client = anyClient(world).id();
        var resource = any(world, world.portal().resources()).id();
        world.portal().revoke(client, resource, Reason.POLICY_DISABLED);
        return () -> world.portal().permit(client, resource);
    }),
    FILTERED(world -> {
        var resource = any(world, world.portal().resources()).id();
        world.portal().setFilters(resource, List.of(Filter.ports(Filter.Protocol.TCP, 80, 80)));
        return () -> world.portal().setFilters(resource, List.of());
    });

    private final Function<World, Runnable> action;

    Fault(Function<World, Runnable> action) {
        this.action = action;
    }

    /** Strikes; the result heals. */
    Runnable strike(World world) {
        return action.apply(world);
    }

    private static Runnable cutFromPortal(World world, UUID device) {
        world.portal().cut(device, true);
        return () -> world.portal().cut(device, false);
    }

    private static Runnable holdStream(World world, UUID device) {
        world.portal().hold(device);
        return () -> world.portal().release(device);
    }

    private static Runnable link(World world, String host, Link link) {
        world.network().link(host, link);
        return () -> world.network().link(host, Link.GOOD);
    }

    private static SimulatedClient anyClient(World world) {
        return any(world, world.clients());
    }

    private static SimulatedGateway anyGateway(World world) {
        return any(world, world.gateways());
    }

    private static <T> T any(World world, List<T> all) {
        return all.get(world.random().nextInt(all.size()));
    }
}
