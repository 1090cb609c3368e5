package dev.sluice.datapath.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A deployment to which one thing after another happens, sometimes two at once, with quiet times between. In a quiet
 * time every client gets through to everything that it may reach (I3); the other invariants hold always.
 */
final class Soak {
    /** A killed gateway is noticed after 18 s, a silent portal after 40 s, and retried within 60 s. */
    private static final Duration HEALING = Duration.ofSeconds(150);

    private static final Duration FRESH = Duration.ofSeconds(3);
    private static final Duration UNASKED = Duration.ofMillis(1700);
    private static final int FAULTS_BETWEEN_QUIET = 4;

    private final World world;
    private final List<Heartbeats> heartbeats = new ArrayList<>();
    private final List<String> history = new ArrayList<>();

    Soak(long seed) {
        world = new World(seed);
        world.gateway("gateway-1");
        world.gateway("gateway-2");
        world.client("client-1");
        world.client("client-2");
        List<String> hosts = List.of("172.20.0.100", "172.21.0.1", "172:20::100");
        world.resource("172.20.0.0/16");
        world.resource("172.21.0.1/32");
        world.resource("172:20::/64");
        world.portal().flowLifetime(Duration.ofSeconds(60 + world.random().nextInt(1200)));
        world.settle();
        hosts.forEach(this::sendUnasked);
        for (SimulatedClient client : world.clients()) {
            hosts.forEach(host -> heartbeats.add(client.heartbeats(host)
                    .every(Duration.ofMillis(400 + world.random().nextInt(600)))));
        }
    }

    /** Lets that much time pass in the world. */
    void run(Duration duration) {
        try {
            while (world.timeline().elapsed().compareTo(duration) < 0) {
                for (int i = 0; i < FAULTS_BETWEEN_QUIET; i++) {
                    strike();
                }
                quiet();
            }
            world.inspect();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    world.describe() + " after " + String.join("\n  ", history) + "\n" + world.report(), e);
        }
    }

    /** A host sends to all clients through all gateways, asked or not, for ever. */
    private void sendUnasked(String host) {
        for (SimulatedClient client : world.clients()) {
            world.gateways().forEach(gateway -> world.host(host).sendUnasked(gateway, client.address(host)));
        }
        world.timeline().after(UNASKED, () -> sendUnasked(host));
    }

    private void strike() {
        List<Runnable> cures = new ArrayList<>();
        do {
            Fault fault = Fault.values()[world.random().nextInt(Fault.values().length)];
            history.add(world.timeline().elapsed() + " " + fault);
            cures.add(fault.strike(world));
            world.run(Duration.ofMillis(world.random().nextInt(20_000)));
        } while (world.random().nextInt(3) == 0);
        cures.forEach(Runnable::run);
        history.add(world.timeline().elapsed() + " healed");
        world.run(Duration.ofMillis(world.random().nextInt(10_000)));
    }

    private void quiet() {
        world.run(HEALING);
        history.add(world.timeline().elapsed() + " quiet");
        for (Heartbeats each : heartbeats) {
            Duration silence = Duration.ofNanos(world.now() - each.lastAnswerAt());
            if (silence.compareTo(FRESH) > 0) {
                throw new AssertionError(
                        each.client().name() + " has not reached " + each.address() + " for " + silence);
            }
        }
    }
}
