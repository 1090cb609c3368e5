package dev.sluice.functions.audit;

import dev.sluice.functions.job.ScheduledJob;
import dev.sluice.functions.job.ScheduledJobs;
import dev.sluice.functions.sql.DatabaseFailure;
import dev.sluice.functions.sql.Transactions;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Sees that there is a part of the audit for what is recorded next, before anything is, and lets the parts go that were kept
 * for long enough.
 */
@ApplicationScoped
public class AuditRotation implements ScheduledJobs {
    /** How many parts were made, and how many went. */
    public record Rotated(long made, long dropped) {}

    private static final Logger LOG = Logger.getLogger(AuditRotation.class);

    private final Transactions transactions;
    private final AuditSettings settings;

    @Inject
    public AuditRotation(Transactions transactions, AuditSettings settings) {
        this.transactions = transactions;
        this.settings = settings;
    }

    @Override
    public List<ScheduledJob> jobs() {
        return List.of(ScheduledJob.every(Duration.ofMinutes(10), "audit-parts", this::often));
    }

    void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
        rotate();
    }

    void often() {
        try {
            rotate();
        } catch (DatabaseFailure e) {
            LOG.warnf("the audit's parts stay as they are, and are looked at again in 10 minutes: %s", e.getMessage());
        }
    }

    /** @throws DatabaseFailure when the database refuses or cannot be reached */
    public Rotated rotate() {
        var rotated = transactions
                .ofPortal()
                .call(transaction -> transaction.one(
                        "SELECT made, dropped FROM rotate_audit(? * interval '1 second')",
                        row -> new Rotated(row.number("made"), row.number("dropped")),
                        settings.keep().toSeconds()));
        if (rotated.dropped() > 0) {
            LOG.infof(
                    "the audit has %d parts less: everything in them was more than %d days old",
                    rotated.dropped(), settings.keep().toDays());
        }
        return rotated;
    }
}
