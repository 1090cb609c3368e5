package dev.sluice.functions.stream;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many devices come in at once. Snapshots wait for their turn, in the order in which devices joined; a handshake
 * is refused while as many wait, since whoever passes it joins next, and once the portal stops.
 */
@ApplicationScoped
public class Arrivals {
    /**
     * As many a second are asked back at least. A portal that starts is slower than it will be when they come, and one that
     * cannot do as much refuses some again, which costs less than it would to wait for them.
     */
    private static final double EXPECTED_A_SECOND = 200;

    /** For how long what came counts for what will come, in nanoseconds. */
    private static final double MEMORY = 5e9;

    private static final Duration SOONEST = Duration.ofSeconds(2);
    private static final Duration LATEST = Duration.ofSeconds(60);

    /** They are asked back a little faster than others come in of late, so that the portal never waits for them. */
    private static final double HASTE = 1.25;

    private final int atOnce;
    private final Semaphore handshakes;
    private final Semaphore snapshots;

    /** How many come in a second, of late; exponentially weighted. */
    private double pace;

    private long paceAt;

    /** When whoever was refused last comes back, in monotonic nanoseconds; null if nobody was. */
    private @Nullable Long lastBackAt;

    private volatile boolean stopping;

    @Inject
    public Arrivals(StreamSettings settings) {
        atOnce = settings.arrivalsAtOnce();
        handshakes = new Semaphore(atOnce);
        snapshots = new Semaphore(atOnce, true);
    }

    /** Whether another handshake may be checked now; then {@link #checked} is to be called. */
    public boolean mayShakeHands() {
        return !stopping && snapshots.getQueueLength() < atOnce && handshakes.tryAcquire();
    }

    /** A handshake was checked. */
    public void checked() {
        handshakes.release();
    }

    /**
     * Refuses a handshake: those who are refused come back one after the other, as fast as they can come in. Beyond the
     * last moment at which somebody may be asked back, they come at any time until then.
     *
     * @param now in monotonic nanoseconds
     */
    public synchronized Handshake.Answer.Refused refuse(long now) {
        double between = 1e9 / Math.max(EXPECTED_A_SECOND, HASTE * pace);
        long soonest = now + SOONEST.toNanos();
        long backAt = (lastBackAt == null ? soonest : Math.max(soonest, lastBackAt)) + (long) between;
        if (backAt - now > LATEST.toNanos()) {
            return Handshake.busy(ThreadLocalRandom.current().nextLong(SOONEST.toSeconds(), LATEST.toSeconds() + 1));
        }
        lastBackAt = backAt;
        return Handshake.busy(Duration.ofNanos(backAt - now).toSeconds());
    }

    /** Makes a snapshot when there is room for it. */
    <T> T inTurn(Supplier<T> snapshot) {
        snapshots.acquireUninterruptibly();
        try {
            return snapshot.get();
        } finally {
            snapshots.release();
            came(System.nanoTime());
        }
    }

    /** @param now in monotonic nanoseconds */
    synchronized void came(long now) {
        if (paceAt == 0) {
            paceAt = now;
        }
        pace = pace * Math.exp((paceAt - now) / MEMORY) + 1e9 / MEMORY;
        paceAt = now;
    }

    /** Before everybody else stops, so that nobody comes in whom the rest could not serve. */
    void stop(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) ShutdownEvent event) {
        stopping = true;
    }
}
