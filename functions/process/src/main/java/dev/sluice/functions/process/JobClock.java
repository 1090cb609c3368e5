package dev.sluice.functions.process;

import dev.sluice.functions.job.Rhythm;
import dev.sluice.functions.job.ScheduledJob;
import dev.sluice.functions.job.ScheduledJobs;
import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.quarkus.scheduler.Scheduler;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Has this process do the portal's jobs. One that still goes on when its time comes again is left alone. */
@ApplicationScoped
public class JobClock {
    /** What is done more often begins at once. */
    private static final Duration OFTEN = Duration.ofSeconds(5);

    private static final Duration LATEST_BEGIN = Duration.ofMinutes(1);

    private final Scheduler scheduler;
    private final List<ScheduledJobs> parts;
    private final Set<String> without;

    @Inject
    JobClock(
            Scheduler scheduler,
            @All List<ScheduledJobs> parts,
            @ConfigProperty(name = "sluice.process.jobs-without") Optional<Set<String>> without) {
        this.scheduler = scheduler;
        this.parts = List.copyOf(parts);
        this.without = without.orElse(Set.of());
    }

    /** Once all else has started. */
    void start(@Observes @Priority(Interceptor.Priority.PLATFORM_AFTER) StartupEvent event) {
        if (!scheduler.isStarted()) {
            return;
        }
        for (var part : parts) {
            for (var job : part.jobs()) {
                if (!without.contains(job.name())) {
                    schedule(job);
                }
            }
        }
    }

    private void schedule(ScheduledJob job) {
        var definition = scheduler
                .newJob(job.name())
                .setConcurrentExecution(ConcurrentExecution.SKIP)
                .setTask(execution -> job.work().run(true), true);
        switch (job.rhythm()) {
            case Rhythm.Every(var period) -> {
                definition.setInterval(period.toMillis() + "ms");
                if (period.compareTo(OFTEN) > 0) {
                    Duration begin = period.compareTo(LATEST_BEGIN) < 0 ? period : LATEST_BEGIN;
                    definition.setDelayed(begin.toMillis() + "ms");
                }
            }
            case Rhythm.Daily(var at) ->
                definition.setCron(
                        String.format(Locale.ROOT, "%d %d %d * * ?", at.getSecond(), at.getMinute(), at.getHour()));
        }
        definition.schedule();
    }

    /**
     * Begins none any more once the portal stops: one that began then would find the database and its own parts gone. What has
     * begun runs on; it is the database that undoes what it did not commit.
     */
    void stop(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) ShutdownEvent event) {
        if (scheduler.isRunning()) {
            scheduler.pause();
        }
    }
}
