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

/** Ends what time ends, on one instance at a time. */
@ApplicationScoped
public class Jobs {
    /** Between two renewals of the lease, which lasts for three of these. */
    private static final Duration ROUND = Duration.ofSeconds(3);

    /** How far ahead flows are looked for that end, and how often. */
    private static final Duration LOOK = Duration.ofMillis(50);

    /** Then whoever holds a flow whose time is over may have let it go. */
    private static final Duration AGAIN = Duration.ofMillis(20);

    private final TimedRevocation revocation;
    private final Wake wake;
    private final Job sweeps;
    private final Job expiry;

    @Inject
    public Jobs(Leases leases, TimedRevocation revocation, Wake wake) {
        this.revocation = revocation;
        this.wake = wake;
        this.sweeps = new Job("sweeps", leases);
        this.expiry = new Job("expiry", leases);
    }

    /** What need not end to the moment; it may take some time, and so is apart from what does. */
    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void sweep() {
        sweeps.run(() -> {
            wakeIf(revocation.sweepPending() + revocation.sweepTokens() > 0);
            return false;
        });
    }

    /**
     * Goes on without a gap between rounds in which nobody would end a flow; the schedule begins it, and begins it again after a
     * failure.
     */
    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void expire() {
        expiry.run(() -> {
            long end = System.nanoTime() + ROUND.toNanos();
            wakeIf(revocation.sweepExpired() > 0);
            while (!expiry.isStopping() && System.nanoTime() < end) {
                var next = revocation.untilNextExpiry(LOOK);
                Thread.sleep(next.map(time -> time.isPositive() ? time : AGAIN).orElse(LOOK));
                wakeIf(next.isPresent() && revocation.sweepExpired() > 0);
            }
            return true;
        });
    }

    private void wakeIf(boolean ended) {
        if (ended) {
            wake.signal();
        }
    }

    void stop(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) ShutdownEvent event) {
        sweeps.stop();
        expiry.stop();
    }
}
