package dev.sluice.functions.billing;

import dev.sluice.functions.api.View;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What an account has subscribed to, as it was read from Stripe last.
 *
 * @param plan the product's name; null where there is no subscription yet
 * @param status Stripe's word for it
 * @param trialEndsAt null where it is no trial
 * @param endedReason why it is over; null while it goes on
 * @param endsAt when the account is disabled then
 * @param readAt when Stripe was asked last
 * @param events the last of what Stripe has said about it, the newest first
 */
public record BillingView(
        UUID id,
        String customerId,
        @Nullable String plan,
        @Nullable String status,
        @Nullable String supportType,
        @Nullable String billingEmail,
        @Nullable Instant trialEndsAt,
        @Nullable String endedReason,
        @Nullable Instant endsAt,
        Instant readAt,
        List<Event> events,
        long version)
        implements View {
    /** @param outcome what came of it */
    @Schema(name = "BillingEvent")
    public record Event(String id, String type, Instant createdAt, Instant processedAt, String outcome) {}
}
