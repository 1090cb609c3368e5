package dev.sluice.functions.api;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How much an account may ask of the API. */
@ApplicationScoped
public class RateLimit {
    /** Null where there is no limit. */
    private final @Nullable TokenBuckets<UUID> buckets;

    @Inject
    public RateLimit(ApiSettings settings) {
        this(settings, System::nanoTime);
    }

    RateLimit(ApiSettings settings, LongSupplier clock) {
        settings.check();
        this.buckets =
                settings.perSecond() == 0 ? null : new TokenBuckets<>(settings.burst(), settings.perSecond(), clock);
    }

    /**
     * Counts a request of this account.
     *
     * @return nothing if it may be carried out; else in how many seconds it may, rounded up
     */
    public Duration take(UUID account) {
        return buckets == null ? Duration.ZERO : buckets.take(account);
    }
}
