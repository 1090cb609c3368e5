package dev.sluice.functions.billing;

import dev.sluice.functions.settings.SettingException;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether accounts are billed, and as whom. */
@ConfigMapping(prefix = "sluice.billing")
public interface BillingSettings {
    /** {@code BILLING_ENABLED}. */
    @WithDefault("false")
    boolean enabled();

    /** {@code STRIPE_SECRET_KEY}. */
    Optional<String> secretKey();

    /** {@code STRIPE_WEBHOOK_SIGNING_SECRET}: two while one replaces the other. */
    Optional<List<String>> signingSecrets();

    /** {@code STRIPE_DEFAULT_PRICE_ID}: what a new account subscribes to. */
    Optional<String> defaultPrice();

    /** {@code STRIPE_API_BASE}: where Stripe is, or what stands in for it. */
    @WithDefault("https://api.stripe.com")
    URI apiBase();

    /** For how long an account goes on whose subscription is over; nothing for not at all. */
    @WithDefault("7D")
    Duration grace();

    /** Whether the key is one of Stripe's live mode, which has events of its own. */
    default boolean isLive() {
        return secretKey().orElse("").contains("_live_");
    }

    /**
     * Holds them against what they are for.
     *
     * @throws SettingException when they do not fit
     */
    default void check() {
        if (grace().isNegative()) {
            throw new SettingException("sluice.billing.grace is less than nothing.");
        }
        if (!apiBase().toString().startsWith("https://")
                && !Set.of("127.0.0.1", "localhost", "[::1]")
                        .contains(String.valueOf(apiBase().getHost()))) {
            throw new SettingException("STRIPE_API_BASE must be https://, or on this host: the key is sent there.");
        }
        if (!enabled()) {
            return;
        }
        require(secretKey().isPresent(), "STRIPE_SECRET_KEY", "Stripe's secret key, sk_…");
        require(signingSecrets().isPresent(), "STRIPE_WEBHOOK_SIGNING_SECRET", "that of the webhook, whsec_…");
        require(defaultPrice().isPresent(), "STRIPE_DEFAULT_PRICE_ID", "what a new account subscribes to, price_…");
        if (signingSecrets().orElseThrow().size() > 2) {
            throw new SettingException("STRIPE_WEBHOOK_SIGNING_SECRET has more than two secrets.");
        }
    }

    private static void require(boolean present, String name, String what) {
        if (!present) {
            throw new SettingException("BILLING_ENABLED is true, and " + name + " is missing: " + what + ".");
        }
    }
}
