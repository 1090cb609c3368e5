package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.billing.StripeStandIn;
import dev.sluice.functions.billing.Webhook;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's way of billing, with what stands in for Stripe. */
class BillingIT {
    @TempDir
    Path directory;

    @Test
    void shouldBillTheSeedsAsTheReadmeSays() throws Exception {
        try (StripeStandIn stripe = new StripeStandIn();
                PortalProcess portal = new PortalProcess(directory)
                        .with("BILLING_ENABLED", "true")
                        .with("STRIPE_SECRET_KEY", "sk_test_of_the_tests")
                        .with("STRIPE_WEBHOOK_SIGNING_SECRET", StripeStandIn.SECRET)
                        .with("STRIPE_DEFAULT_PRICE_ID", "price_1")
                        .with("STRIPE_API_BASE", stripe.url())
                        .with("SLUICE_BILLING_GRACE", "0S")
                        .start()) {
            // The customer is known before its subscription is.
            portal.await(
                    () -> portal.run("billing", "--account", "firezone").out().contains("plan: Starter"));
            CommandOutcome shown = portal.run("billing", "--account", "firezone");
            assertThat(shown.out()).contains("status: active", "users", "6");
            assertThat(portal.run("billing", "--account", "firezone", "--open", "https://acme.example/")
                            .out())
                    .contains("url: https://billing.stripe.example/cus_");
            showsTheWayToStripe(portal);

            var subscription = stripe.firstSubscriptionOf("Firezone Account");
            subscription.put("status", "canceled");
            var webhook = new Webhook(URI.create("http://127.0.0.1:" + portal.port("SLUICE_API_PORT") + "/"));
            webhook.insist(stripe.event("customer.subscription.deleted", subscription));
            portal.await(() -> portal.run("billing", "--account", "firezone")
                    .out()
                    .contains("disabled reason: Stripe subscription deleted"));

            assertThat(portal.log()).doesNotContain("sk_test_of_the_tests", StripeStandIn.SECRET);
        }
    }

    private static void showsTheWayToStripe(PortalProcess portal) throws Exception {
        var browser = new Browser(URI.create("http://localhost:" + portal.port("SLUICE_WEB_PORT")));
        var link = URI.create(portal.run("sign-in-link", "firezone@localhost.local", "--account", "firezone")
                .out()
                .strip());
        var asked = browser.get(link.getRawPath() + "?" + link.getRawQuery());
        browser.post(link.getRawPath(), Map.of("token", asked.field("token"), "form", asked.field("form")));
        var plan = browser.get("/firezone/billing");
        assertThat(plan.body()).contains("<dd>Starter</dd>", "<dd>active</dd>");
        assertThat(browser.post("/firezone/billing/session", Map.of("form", plan.field("form")))
                        .body())
                .contains("href=\"https://billing.stripe.example/cus_");
    }

    @Test
    void shouldSayWhatIsMissing() throws Exception {
        try (PortalProcess portal = new PortalProcess(directory).with("BILLING_ENABLED", "true")) {
            assertThat(portal.runToItsEnd()).isEqualTo(1);
            assertThat(portal.log()).contains("BILLING_ENABLED is true, and STRIPE_SECRET_KEY is missing");
        }
    }
}
