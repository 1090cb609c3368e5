package dev.sluice.functions.job;

import java.util.List;

/** A part of the portal that has jobs. */
public interface ScheduledJobs {
    List<ScheduledJob> jobs();

    /** Waits until all is done that a job has begun and left running beside it. */
    default void settle() throws InterruptedException {}
}
