package dev.sluice.lab.scenario;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Conditions that a scenario holds, at once or within a time. */
public final class Check {
    private static final Duration INTERVAL = Duration.ofMillis(10);

    private Check() {}

    /** Fails with {@code otherwise} unless {@code condition} is true. */
    public static void that(boolean condition, String otherwise) {
        if (!condition) {
            throw new ScenarioFailure(otherwise);
        }
    }

    /**
     * Waits until {@code condition} is true and returns how long that took, in milliseconds.
     *
     * @throws ScenarioFailure when it is not true after {@code limit}
     */
    public static double within(Duration limit, String what, Callable<Boolean> condition) throws Exception {
        long begin = System.nanoTime();
        while (!condition.call()) {
            if (System.nanoTime() - begin > limit.toNanos()) {
                throw new ScenarioFailure(what + ": not within " + limit.toMillis() + " ms");
            }
            Thread.sleep(INTERVAL);
        }
        return millisecondsSince(begin);
    }

    /** The milliseconds since {@code begin}, a value of {@link System#nanoTime}. */
    public static double millisecondsSince(long begin) {
        return (System.nanoTime() - begin) / 1e6;
    }
}
