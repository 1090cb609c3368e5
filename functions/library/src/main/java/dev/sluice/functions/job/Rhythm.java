package dev.sluice.functions.job;

import java.time.Duration;
import java.time.LocalTime;

/** When a job is done again. */
public sealed interface Rhythm {
    /** So long after it began last. */
    record Every(Duration period) implements Rhythm {}

    /** Once a day, at this time of the host's clock. */
    record Daily(LocalTime at) implements Rhythm {}
}
