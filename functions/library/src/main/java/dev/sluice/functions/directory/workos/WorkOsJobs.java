package dev.sluice.functions.directory.workos;

import dev.sluice.functions.job.Leases;
import dev.sluice.functions.job.ScheduledJob;
import dev.sluice.functions.job.ScheduledJobs;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.List;

/** What is done for WorkOS without being asked. */
@ApplicationScoped
public class WorkOsJobs implements ScheduledJobs {
    private final WorkOsSettings settings;
    private final Leases leases;
    private final WorkOsInbox inbox;

    @Inject
    public WorkOsJobs(WorkOsSettings settings, Leases leases, WorkOsInbox inbox) {
        this.settings = settings;
        this.leases = leases;
        this.inbox = inbox;
    }

    @Override
    public List<ScheduledJob> jobs() {
        return List.of(ScheduledJob.every(Duration.ofHours(1), "workos-events", this::forget));
    }

    /** Before the jobs begin, and everything else. */
    void check(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE - 1) StartupEvent event) {
        settings.check();
    }

    void forget() {
        if (leases.hold("workos-events")) {
            inbox.forget();
        }
    }
}
