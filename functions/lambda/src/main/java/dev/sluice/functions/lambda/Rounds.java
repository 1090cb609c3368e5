package dev.sluice.functions.lambda;

import dev.sluice.functions.job.Rhythm;
import dev.sluice.functions.job.ScheduledJob;
import dev.sluice.functions.job.ScheduledJobs;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.control.ActivateRequestContext;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * The jobs that a schedule calls for. There are few schedules, the shortest of a minute: what a process does more often is
 * done by that one.
 */
@ApplicationScoped
class Rounds {
    /** The schedules that are to be set up, each with this period. */
    static final List<Duration> PERIODS =
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofHours(1), Duration.ofDays(1));

    private static final Logger LOG = Logger.getLogger(Rounds.class);

    private final List<ScheduledJobs> all;

    @Inject
    Rounds(@All List<ScheduledJobs> all) {
        this.all = List.copyOf(all);
    }

    /** By which schedule a job is done: the longest that is often enough, or else the shortest. */
    static Duration periodOf(ScheduledJob job) {
        return switch (job.rhythm()) {
            case Rhythm.Daily daily -> PERIODS.getLast();
            case Rhythm.Every(var wanted) ->
                PERIODS.stream()
                        .filter(period -> period.compareTo(wanted) <= 0)
                        .reduce((shorter, longer) -> longer)
                        .orElse(PERIODS.getFirst());
        };
    }

    /**
     * Does them one after the other. One that fails does not keep the others from being done.
     *
     * @throws IllegalStateException when one has failed: the schedule calls again
     */
    @ActivateRequestContext
    void run(Duration period) {
        if (!PERIODS.contains(period)) {
            throw new IllegalArgumentException("There are schedules of " + PERIODS + ", and none of " + period + ".");
        }
        List<String> failed = new ArrayList<>();
        for (ScheduledJobs some : all) {
            for (ScheduledJob job : some.jobs()) {
                if (periodOf(job).equals(period)) {
                    attempt(job.name(), () -> job.work().run(false), failed);
                }
            }
            attempt("what is left of " + some.jobs(), () -> settle(some), failed);
        }
        if (!failed.isEmpty()) {
            throw new IllegalStateException("failed: " + String.join(", ", failed));
        }
    }

    private static void attempt(String name, Runnable work, List<String> failed) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.warnf("the job %s failed: %s", name, e.toString());
            LOG.debugf(e, "the job %s", name);
            failed.add(name);
        }
    }

    private static void settle(ScheduledJobs jobs) {
        try {
            jobs.settle();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
