package dev.sluice.functions.revocation;

import dev.sluice.functions.stream.Wake;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/** Runs what time ends, on one instance at a time. */
@ApplicationScoped
public class Jobs {
    private static final String LEASE = "timed-revocation";

    /** Between two renewals of the lease; what need not end to the moment is looked for as often. */
    private static final Duration ROUND = Duration.ofSeconds(1);

    /** How far ahead flows are looked for that end, and how often. */
    private static final Duration LOOK = Duration.ofMillis(50);

    /** Then whoever holds a flow whose time is over may have let it go. */
    private static final Duration AGAIN = Duration.ofMillis(20);

    private static final Duration STOP_WITHIN = Duration.ofSeconds(2);

    private final Leases leases;
    private final TimedRevocation revocation;
    private final Wake wake;
    private final Lock running = new ReentrantLock();
    private volatile boolean stopping;

    @Inject
    public Jobs(Leases leases, TimedRevocation revocation, Wake wake) {
        this.leases = leases;
        this.revocation = revocation;
        this.wake = wake;
    }

    /**
     * Goes on for as long as this instance holds the lease, without a gap between rounds in which nobody would end a flow; the
     * schedule begins it, and begins it again after a failure.
     */
    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void revoke() {
        running.lock();
        try {
            while (!stopping && leases.hold(LEASE)) {
                round();
            }
            if (stopping) {
                leases.release(LEASE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            running.unlock();
        }
    }

    private void round() throws InterruptedException {
        long end = System.nanoTime() + ROUND.toNanos();
        if (revocation.sweepPending() + revocation.sweepTokens() + revocation.sweepExpired() > 0) {
            wake.signal();
        }
        while (!stopping && System.nanoTime() < end) {
            var next = revocation.untilNextExpiry(LOOK);
            Thread.sleep(next.map(time -> time.isPositive() ? time : AGAIN).orElse(LOOK));
            if (next.isPresent() && revocation.sweepExpired() > 0) {
                wake.signal();
            }
        }
    }

    /** Waits for a round that goes on, since what it uses goes after this; but not for a database that does not answer. */
    void stop(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) ShutdownEvent event) {
        stopping = true;
        try {
            if (running.tryLock(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                running.unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
