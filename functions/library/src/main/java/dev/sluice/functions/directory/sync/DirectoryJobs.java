package dev.sluice.functions.directory.sync;

import dev.sluice.functions.revocation.Leases;
import dev.sluice.functions.sql.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** Asks directories whose time has come, a few at once. */
@ApplicationScoped
public class DirectoryJobs {
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

    @Scheduled(every = "2s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
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

    /** What was begun goes on elsewhere, from where it was. */
    @PreDestroy
    void stop() {
        runners.shutdownNow();
    }
}
