package dev.sluice.functions.billing;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A subscription, as Stripe has it now.
 *
 * @param status Stripe's word
 * @param voided whether it is paused without invoices
 * @param trialEnd null where there is no trial
 */
record Subscription(
        String id,
        String status,
        boolean voided,
        @Nullable Instant trialEnd,
        Map<String, String> metadata,
        List<Item> items,
        Instant created) {
    static final String PAUSED = "Stripe subscription paused";
    static final String DELETED = "Stripe subscription deleted";

    private static final Set<String> OVER = Set.of("canceled", "incomplete_expired");
    private static final Set<String> ON_TRIAL = Set.of("trialing", "paused");

    /** @param quantity null where nobody counts */
    record Item(String product, @Nullable Long quantity) {}

    /** Why the account is not to go on; null if it is. */
    @Nullable String ended() {
        if (OVER.contains(status)) {
            return DELETED;
        }
        return voided || status.equals("paused") ? PAUSED : null;
    }

    /** Until when it is a trial; null if it is none. */
    @Nullable Instant trialUntil() {
        return ON_TRIAL.contains(status) ? trialEnd : null;
    }
}
