package dev.sluice.functions.stream;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduler;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;

/** Begins no job any more once the portal stops: one that began then would find the database and its own parts gone. */
@ApplicationScoped
public class Schedules {
    private final Scheduler scheduler;

    @Inject
    public Schedules(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Before everybody else stops. What has begun runs on; it is the database that undoes what it did not commit. */
    void stop(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) ShutdownEvent event) {
        if (scheduler.isRunning()) {
            scheduler.pause();
        }
    }
}
