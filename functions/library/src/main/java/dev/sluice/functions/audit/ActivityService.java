package dev.sluice.functions.audit;

import dev.sluice.functions.job.ScheduledJob;
import dev.sluice.functions.job.ScheduledJobs;
import dev.sluice.functions.sql.DatabaseFailure;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/** How many flows were granted, denied and ended, and how long that took, over time. */
@ApplicationScoped
public class ActivityService implements ScheduledJobs {
    private static final Logger LOG = Logger.getLogger(ActivityService.class);

    /** Every step has a row, also where nothing went on. */
    private static final String READ = """
            WITH step AS (
                SELECT number,
                       date_trunc('minute', now()) + interval '1 minute' - (? - number) * (? * interval '1 second') AS at
                FROM generate_series(0, ? - 1) AS number),
            counted AS (
                SELECT floor(extract(epoch FROM a.minute - first.at) / ?)::int AS number, sum(a.granted) AS granted,
                       sum(a.denied) AS denied, sum(a.ended) AS ended, max(a.decided) AS decided, max(a.revoked) AS revoked
                FROM (SELECT min(at) AS at FROM step) AS first
                JOIN activity a ON a.account_id = ? AND a.minute >= first.at GROUP BY 1)
            SELECT step.at, coalesce(c.granted, 0)::bigint AS granted, coalesce(c.denied, 0)::bigint AS denied,
                   coalesce(c.ended, 0)::bigint AS ended, c.decided, c.revoked
            FROM step LEFT JOIN counted c USING (number) ORDER BY step.at
            """;

    private final Transactions transactions;

    @Inject
    public ActivityService(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public List<ScheduledJob> jobs() {
        return List.of(ScheduledJob.every(Duration.ofSeconds(20), "activity", this::often));
    }

    void often() {
        try {
            record();
        } catch (DatabaseFailure e) {
            LOG.warnf("what went on in the last minute is counted later: %s", e.getMessage());
        }
    }

    /** @throws DatabaseFailure when the database refuses or cannot be reached */
    public void record() {
        transactions.ofPortal().run(transaction -> transaction.list("SELECT record_activity()", row -> true));
    }

    /**
     * What went on until now, the oldest first.
     *
     * @param steps how many of them
     * @param step of whole minutes
     */
    public List<Activity> read(Transaction transaction, UUID accountId, int steps, Duration step) {
        long seconds = step.toSeconds();
        return transaction.list(READ, ActivityService::read, steps, seconds, steps, seconds, accountId);
    }

    private static Activity read(Row row) {
        return new Activity(
                row.instant("at"),
                row.number("granted"),
                row.number("denied"),
                row.number("ended"),
                row.optionalFraction("decided"),
                row.optionalFraction("revoked"));
    }
}
