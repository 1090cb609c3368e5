package dev.sluice.functions.revocation;

import dev.sluice.functions.stream.Wake;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Runs what time ends, on one instance at a time. */
@ApplicationScoped
public class Jobs {
    private final Leases leases;
    private final TimedRevocation revocation;
    private final Wake wake;

    @Inject
    public Jobs(Leases leases, TimedRevocation revocation, Wake wake) {
        this.leases = leases;
        this.revocation = revocation;
        this.wake = wake;
    }

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void revoke() {
        if (leases.hold("timed-revocation")
                && revocation.sweepPending() + revocation.sweepTokens() + revocation.sweepExpired() > 0) {
            wake.signal();
        }
    }
}
