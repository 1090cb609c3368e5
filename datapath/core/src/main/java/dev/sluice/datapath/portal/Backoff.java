package dev.sluice.datapath.portal;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next connection to the portal: nothing the first time, then 0.5 s growing by half with
 * every failure, each spread by ±50 % so that a portal that comes back is not met by all devices at once, and never
 * more than a minute.
 */
final class Backoff {
    static final long FIRST = Duration.ofMillis(500).toNanos();
    static final long CAP = Duration.ofSeconds(60).toNanos();
    private static final double GROWTH = 1.5;
    private static final double SPREAD = 0.5;

    private final RandomGenerator random;
    private long interval;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** The wait before the next attempt, in nanoseconds. Every call counts as one failure more. */
    long next() {
        if (interval == 0) {
            interval = FIRST;
            return 0;
        }
        double factor = 1 - SPREAD + 2 * SPREAD * random.nextDouble();
        long wait = Math.min(CAP, (long) (interval * factor));
        interval = Math.min(CAP, (long) (interval * GROWTH));
        return wait;
    }

    /** A connection succeeded: the next failure is retried at once again. */
    void reset() {
        interval = 0;
    }
}
