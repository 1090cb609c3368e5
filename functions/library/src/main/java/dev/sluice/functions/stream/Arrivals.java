package dev.sluice.functions.stream;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Bounds how many devices come in at once. Snapshots wait for their turn, in the order in which devices joined; a handshake
 * is refused while as many wait, since whoever passes it joins next, and once the portal stops.
 */
@ApplicationScoped
public class Arrivals {
    /** How many come in a second is what is to be expected before anybody has. */
    private static final double EXPECTED_A_SECOND = 100;

    /** Fewer are not believed: when nobody wants in, nobody comes. */
    private static final double SLOWEST_A_SECOND = 20;

    /** For how long what came counts for what will come, in nanoseconds. */
    private static final double MEMORY = 5e9;

    private static final long SOONEST_SECONDS = 2;
    private static final long LATEST_SECONDS = 60;

    /** Those who were refused come back a little faster than others do, so that the portal never waits for them. */
    private static final double HASTE = 0.7;

    private final int atOnce;
    private final Semaphore handshakes;
    private final Semaphore snapshots;
    /** Who was refused and has not come since, as far as one can tell. */
    private final AtomicLong away = new AtomicLong();

    /** How many come in a second, of late; exponentially weighted. */
    private double pace = EXPECTED_A_SECOND;

    private long paceAt;

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
        away.updateAndGet(count -> Math.max(0, count - 1));
    }

    /** Refuses a handshake: those who were are spread over the time in which they can come in, as fast as others do. */
    public Handshake.Answer.Refused refuse() {
        long ahead = Math.min(LATEST_SECONDS - SOONEST_SECONDS, (long) (HASTE * away.incrementAndGet() / pace()));
        return Handshake.busy(SOONEST_SECONDS + ThreadLocalRandom.current().nextLong(ahead + 1));
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

    private synchronized double pace() {
        return Math.max(SLOWEST_A_SECOND, pace);
    }

    /** Before everybody else stops, so that nobody comes in whom the rest could not serve. */
    void stop(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) ShutdownEvent event) {
        stopping = true;
    }
}
