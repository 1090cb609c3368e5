package dev.sluice.functions.api;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A token bucket for each key (of this instance). What is not used within the time in which a bucket fills is forgotten: it
 * would be full.
 */
public final class TokenBuckets<K> {
    private static final double SECOND = Duration.ofSeconds(1).toNanos();

    private static final class Bucket {
        private double tokens;
        private long filledAt;

        Bucket(double tokens, long filledAt) {
            this.tokens = tokens;
            this.filledAt = filledAt;
        }
    }

    private final int burst;
    private final double perSecond;
    private final LongSupplier clock;
    /** The one used longest ago first. */
    private final Map<K, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * Full ones.
     *
     * @param burst how many tokens one holds
     * @param perSecond how many it gets a second, more than none
     * @param clock nanoseconds
     */
    public TokenBuckets(int burst, double perSecond, LongSupplier clock) {
        this.burst = burst;
        this.perSecond = perSecond;
        this.clock = clock;
    }

    /**
     * Takes a token.
     *
     * @return nothing if there was one; else in how many seconds there is, rounded up
     */
    public synchronized Duration take(K key) {
        Bucket bucket = filled(key);
        Duration wait = wait(bucket);
        if (wait.isZero()) {
            bucket.tokens--;
        }
        return wait;
    }

    /** What {@link #take} would return; takes nothing. */
    public synchronized Duration look(K key) {
        return wait(filled(key));
    }

    private Bucket filled(K key) {
        long now = clock.getAsLong();
        forgetFull(now);
        Bucket bucket = buckets.computeIfAbsent(key, any -> new Bucket(burst, now));
        bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.filledAt) / SECOND * perSecond);
        bucket.filledAt = now;
        return bucket;
    }

    private Duration wait(Bucket bucket) {
        return bucket.tokens < 1
                ? Duration.ofSeconds((long) Math.ceil((1 - bucket.tokens) / perSecond))
                : Duration.ZERO;
    }

    private void forgetFull(long now) {
        double toFill = burst * SECOND / perSecond;
        var eldest = buckets.values().iterator();
        while (eldest.hasNext() && now - eldest.next().filledAt > toFill) {
            eldest.remove();
        }
    }
}
