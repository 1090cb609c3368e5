package dev.sluice.functions.stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Bounds how many devices come in at once. Snapshots wait for their turn, in the order in which devices joined; a handshake
 * is refused while as many wait, since whoever passes it joins next.
 */
@ApplicationScoped
public class Arrivals {
    private final int atOnce;
    private final Semaphore handshakes;
    private final Semaphore snapshots;

    @Inject
    public Arrivals(StreamSettings settings) {
        atOnce = settings.arrivalsAtOnce();
        handshakes = new Semaphore(atOnce);
        snapshots = new Semaphore(atOnce, true);
    }

    /** Whether another handshake may be checked now; then {@link #checked} is to be called. */
    public boolean mayShakeHands() {
        return snapshots.getQueueLength() < atOnce && handshakes.tryAcquire();
    }

    /** A handshake was checked. */
    public void checked() {
        handshakes.release();
    }

    /** Makes a snapshot when there is room for it. */
    <T> T inTurn(Supplier<T> snapshot) {
        snapshots.acquireUninterruptibly();
        try {
            return snapshot.get();
        } finally {
            snapshots.release();
        }
    }
}
