package dev.sluice.functions.billing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.List;
import java.util.Map;

/** A portal that bills, by a Stripe that the test is. Jobs run when a test says so. */
public final class BillingProfile implements QuarkusTestProfile {
    static final String LATER_SECRET = "whsec_that_replaces_it";

    private static StripeStandIn stripe;

    /** The one of the portal that runs. */
    public static StripeStandIn stripe() {
        return stripe;
    }

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "quarkus.scheduler.enabled", "false",
                "sluice.billing.enabled", "true",
                "sluice.billing.secret-key", "sk_test_of_the_tests",
                "sluice.billing.signing-secrets", StripeStandIn.SECRET + "," + LATER_SECRET,
                "sluice.billing.default-price", "price_1",
                "sluice.billing.grace", "7D");
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(StandIn.class));
    }

    /** Lives as long as the portal. */
    public static final class StandIn implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            stripe = new StripeStandIn();
            return Map.of("sluice.billing.api-base", stripe.url());
        }

        @Override
        public void stop() {
            stripe.close();
        }
    }
}
