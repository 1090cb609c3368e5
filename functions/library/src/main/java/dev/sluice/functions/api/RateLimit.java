package dev.sluice.functions.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * A token bucket for each account (of this instance). What an account does not use within the time in which a bucket fills
 * is forgotten: it would be full.
 */
@ApplicationScoped
public class RateLimit {
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
    private final int perSecond;
    private final LongSupplier clock;
    /** The one used longest ago first. */
    private final Map<UUID, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    @Inject
    public RateLimit(ApiSettings settings) {
        this(settings, System::nanoTime);
    }

    RateLimit(ApiSettings settings, LongSupplier clock) {
        settings.check();
        this.burst = settings.burst();
        this.perSecond = settings.perSecond();
        this.clock = clock;
    }

    /**
     * Counts a request of this account.
     *
     * @return nothing if it may be carried out; else in how many seconds it may, rounded up
     */
    public synchronized Duration take(UUID account) {
        if (perSecond == 0) {
            return Duration.ZERO;
        }
        long now = clock.getAsLong();
        forgetFull(now);
        Bucket bucket = buckets.computeIfAbsent(account, any -> new Bucket(burst, now));
        bucket.tokens = Math.min(burst, bucket.tokens + (now - bucket.filledAt) / SECOND * perSecond);
        bucket.filledAt = now;
        if (bucket.tokens < 1) {
            return Duration.ofSeconds((long) Math.ceil((1 - bucket.tokens) / perSecond));
        }
        bucket.tokens--;
        return Duration.ZERO;
    }

    private void forgetFull(long now) {
        double toFill = burst * SECOND / perSecond;
        var eldest = buckets.values().iterator();
        while (eldest.hasNext() && now - eldest.next().filledAt > toFill) {
            eldest.remove();
        }
    }
}
