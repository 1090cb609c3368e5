package dev.sluice.functions.directory.sync;

import dev.sluice.functions.job.Leases;
import dev.sluice.functions.job.ScheduledJob;
import dev.sluice.functions.job.ScheduledJobs;
import dev.sluice.functions.sql.Transactions;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** Asks directories whose time has come, a few at once. */
@ApplicationScoped
public class DirectoryJobs implements ScheduledJobs {
    private static final int AT_ONCE = 3;

    private static final String DUE = "SELECT account_id, directory_id FROM directories_due(?)";

    private record Due(UUID accountId, UUID directoryId) {}

    private final Leases leases;
    private final Transactions transactions;
    private final DirectorySync sync;
    private final Semaphore free = new Semaphore(AT_ONCE);
    private final ExecutorService runners = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("directory-", 0).factory());

    @Inject
    public DirectoryJobs(Leases leases, Transactions transactions, DirectorySync sync) {
        this.leases = leases;
        this.transactions = transactions;
        this.sync = sync;
    }

    @Override
    public List<ScheduledJob> jobs() {
        return List.of(ScheduledJob.every(Duration.ofSeconds(2), "directories", this::run));
    }

    void run() {
        if (free.availablePermits() == 0 || !leases.hold("directories")) {
            return;
        }
        List<Due> due = transactions
                .ofPortal()
                .call(transaction ->
                        transaction.list(DUE, row -> new Due(row.id("account_id"), row.id("directory_id")), AT_ONCE));
        for (Due each : due) {
            if (free.tryAcquire()) {
                runners.execute(() -> {
                    try {
                        sync.run(each.accountId(), each.directoryId());
                    } finally {
                        free.release();
                    }
                });
            }
        }
    }

    @Override
    public void settle() throws InterruptedException {
        free.acquire(AT_ONCE);
        free.release(AT_ONCE);
    }

    /** What was begun goes on elsewhere, from where it was. */
    @PreDestroy
    void stop() {
        runners.shutdownNow();
    }
}
