package dev.sluice.functions.stream;

import java.time.Duration;

/** Something that is due again and again. Times are monotonic nanoseconds. */
final class Periodic {
    /** Between two that began one after the other. */
    private static final long SPREAD = Duration.ofSeconds(1).toNanos();

    private static final Duration NEVER = Duration.ofDays(365);

    private final Duration every;
    private volatile long at;

    /** @param number of whoever it is due for: those who come back all at once are looked at one after the other */
    Periodic(Duration every, long number, long now) {
        this.every = every;
        this.at = now + Math.floorMod(number * SPREAD, every.toNanos());
    }

    /** Something that is due once, or never. */
    static Periodic once(boolean due) {
        long now = System.nanoTime();
        var once = new Periodic(NEVER, 0, now);
        if (!due) {
            once.done(now);
        }
        return once;
    }

    boolean isDue(long now) {
        return now - at >= 0;
    }

    void done(long now) {
        at = now + every.toNanos();
    }
}
