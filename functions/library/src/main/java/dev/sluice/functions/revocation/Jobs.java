package dev.sluice.functions.revocation;

import dev.sluice.functions.job.LeasedJob;
import dev.sluice.functions.job.Leases;
import dev.sluice.functions.job.Rhythm;
import dev.sluice.functions.job.ScheduledJob;
import dev.sluice.functions.job.ScheduledJobs;
import dev.sluice.functions.stream.Wake;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.List;

/** Ends what time ends, on one instance at a time. */
@ApplicationScoped
public class Jobs implements ScheduledJobs {
    /** Between two renewals of the lease, which lasts for three of these. */
    private static final Duration ROUND = Duration.ofSeconds(3);

    /** How far ahead flows are looked for that end, and how often. */
    private static final Duration LOOK = Duration.ofMillis(50);

    /** Then whoever holds a flow whose time is over may have let it go. */
    private static final Duration AGAIN = Duration.ofMillis(20);

    private static final Rhythm SECOND = new Rhythm.Every(Duration.ofSeconds(1));

    private final TimedRevocation revocation;
    private final Wake wake;
    private final LeasedJob sweeps;
    private final LeasedJob expiry;

    @Inject
    public Jobs(Leases leases, TimedRevocation revocation, Wake wake) {
        this.revocation = revocation;
        this.wake = wake;
        this.sweeps = new LeasedJob("sweeps", leases);
        this.expiry = new LeasedJob("expiry", leases);
    }

    @Override
    public List<ScheduledJob> jobs() {
        return List.of(
                new ScheduledJob("sweeps", SECOND, this::sweep), new ScheduledJob("expiry", SECOND, this::expire));
    }

    /** What need not end to the moment; it may take some time, and so is apart from what does. */
    void sweep(boolean stays) {
        sweeps.run(stays, () -> {
            wakeIf(revocation.sweepPending() + revocation.sweepTokens() > 0);
            return false;
        });
    }

    /**
     * Goes on without a gap between rounds in which nobody would end a flow; the schedule begins it, and begins it again after a
     * failure.
     */
    void expire(boolean stays) {
        expiry.run(stays, () -> {
            long end = System.nanoTime() + ROUND.toNanos();
            wakeIf(revocation.sweepExpired() > 0);
            while (stays && !expiry.isStopping() && System.nanoTime() < end) {
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
