package dev.sluice.functions.directory.workos;

import dev.sluice.functions.revocation.Leases;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;

/** What is done for WorkOS without being asked. */
@ApplicationScoped
public class WorkOsJobs {
    private final WorkOsSettings settings;
    private final Leases leases;
    private final WorkOsInbox inbox;

    @Inject
    public WorkOsJobs(WorkOsSettings settings, Leases leases, WorkOsInbox inbox) {
        this.settings = settings;
        this.leases = leases;
        this.inbox = inbox;
    }

    /** Before the jobs begin, and everything else. */
    void check(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE - 1) StartupEvent event) {
        settings.check();
    }

    @Scheduled(every = "1h", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void forget() {
        if (leases.hold("workos-events")) {
            inbox.forget();
        }
    }
}
