package dev.sluice.lab.scenario;

import dev.sluice.lab.Connect;
import dev.sluice.lab.Topology;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Applications on a host that begin connections to the resource all the time, over both families. */
final class Connections implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMillis(500);

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final AtomicLong count = new AtomicLong();

    private Connections() {}

    static Connections every(Duration interval, String host) {
        Connections connections = new Connections();
        connections.clock.scheduleAtFixedRate(
                () -> connections.begin(host), 0, interval.toMillis(), TimeUnit.MILLISECONDS);
        return connections;
    }

    /** How many were begun. */
    long count() {
        return count.get();
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private void begin(String host) {
        String address = count.incrementAndGet() % 2 == 0 ? Topology.RESOURCE_IPV4 : Topology.RESOURCE_IPV6;
        Thread.startVirtualThread(() -> {
            try {
                Connect.opens(host, address, 80, LIMIT);
            } catch (Exception refused) {
                // What becomes of it does not count, only where its packets go.
                count.get();
            }
        });
    }
}
