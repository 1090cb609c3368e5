package dev.sluice.functions.job;

import java.time.Duration;

/**
 * Something that is done again and again. Whoever keeps the time says when: a process's own clock, or a cloud's schedule.
 *
 * @param name of it alone, in lower case
 */
public record ScheduledJob(String name, Rhythm rhythm, Work work) {
    /** What is done each time. */
    @FunctionalInterface
    public interface Work {
        /** @param stays whether it may wait for more once it is done with what is due: a process's may, a function's not */
        void run(boolean stays);
    }

    /** One that is done once each time. */
    public static ScheduledJob every(Duration period, String name, Runnable work) {
        return new ScheduledJob(name, new Rhythm.Every(period), stays -> work.run());
    }
}
