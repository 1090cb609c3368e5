package dev.sluice.functions.stream;

import dev.sluice.functions.job.ScheduledJob;
import dev.sluice.functions.job.ScheduledJobs;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;

/** Takes out of the outbox what nobody will ask for again. */
@ApplicationScoped
public class OutboxJobs implements ScheduledJobs {
    private final Transactions transactions;

    @Inject
    public OutboxJobs(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public List<ScheduledJob> jobs() {
        return List.of(ScheduledJob.every(Duration.ofMinutes(1), "outbox-forgotten", this::forget));
    }

    void forget() {
        transactions.ofPortal().run(Outbox::forget);
    }
}
