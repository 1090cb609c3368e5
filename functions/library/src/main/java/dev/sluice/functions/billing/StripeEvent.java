package dev.sluice.functions.billing;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an event of any version of Stripe's API says of itself. What it says of its object is not read: that may be old, or of
 * another version.
 *
 * @param customerId whom it is about; null if nobody
 */
record StripeEvent(String id, String type, @Nullable String customerId, Instant created, boolean livemode) {
    private static final Set<String> ABOUT_ACCOUNTS = Set.of(
            "customer.created",
            "customer.updated",
            "customer.subscription.created",
            "customer.subscription.updated",
            "customer.subscription.resumed",
            "customer.subscription.paused",
            "customer.subscription.deleted");

    static Optional<StripeEvent> read(JsonNode event) {
        JsonNode object = event.at("/data/object");
        if (!event.path("id").isTextual()
                || !event.path("type").isTextual()
                || !event.path("created").canConvertToLong()
                || !event.path("created").isNumber()
                || !object.isObject()) {
            return Optional.empty();
        }
        return Optional.of(new StripeEvent(
                event.path("id").asText(),
                event.path("type").asText(),
                customer(object),
                Instant.ofEpochSecond(event.path("created").asLong()),
                event.path("livemode").asBoolean()));
    }

    /** Whether it changes what an account is or has. */
    boolean isAboutAnAccount() {
        return customerId != null && ABOUT_ACCOUNTS.contains(type);
    }

    private static @Nullable String customer(JsonNode object) {
        JsonNode customer = object.path("object").asText().equals("customer")
                ? object.path("id")
                : object.path("customer").isObject() ? object.path("customer").path("id") : object.path("customer");
        return customer.isTextual() ? customer.asText() : null;
    }
}
