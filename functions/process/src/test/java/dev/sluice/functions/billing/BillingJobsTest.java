package dev.sluice.functions.billing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What time does, and what is looked for at night. */
@QuarkusTest
@TestProfile(BillingProfile.class)
@WithTestResource(DatabaseTestResource.class)
class BillingJobsTest extends SubscribedAccount {
    @Inject
    BillingJobs jobs;

    @Test
    void shouldDisableAnAccountSomeTimeAfterItsSubscriptionIsOver() throws Exception {
        webhook.insist(stripe.event(UPDATED, subscription));
        subscription.put("status", "canceled");
        webhook.insist(stripe.event("customer.subscription.deleted", subscription));
        jobs.disableOver();

        assertThat(subscribed("ended_reason || ' ' || (ends_at > now() + interval '6 days')::text"))
                .isEqualTo("Stripe subscription deleted true");
        assertThat(account("(disabled_at IS NULL)::text")).isEqualTo("true");
        assertThat(account("warning")).startsWith("Stripe subscription deleted: the account is disabled at 20");
        String ends = subscribed("ends_at::text");
        webhook.insist(stripe.event(UPDATED, subscription));
        assertThat(subscribed("ends_at::text"))
                .as("not later by what is said again")
                .isEqualTo(ends);

        passTime();
        world.authorize();
        jobs.disableOver();

        assertThat(account("disabled_reason")).isEqualTo("Stripe subscription deleted");
        assertThat(world.count("SELECT count(*) AS count FROM flow WHERE account_id = ?", world.accountId))
                .as("disabled means disabled")
                .isZero();

        stripe.subscribe(customer, team, 1);
        webhook.insist(stripe.event("customer.subscription.created", subscription));
        assertThat(account("(disabled_at IS NULL)::text")).isEqualTo("true");
        assertThat(subscribed("(ends_at IS NULL)::text")).isEqualTo("true");
    }

    /** What no event told of. */
    @Test
    void shouldRepairAtNightWhatWasMissed() throws Exception {
        webhook.insist(stripe.event(UPDATED, subscription));
        subscription.withObject("/metadata").put("users_count", "77");
        var gone = stripe.customer("Gone", null, Map.of());
        var other = new World(transactions, key);
        other.execute("INSERT INTO subscription (account_id, customer_id) VALUES (?, ?)", other.accountId, gone);
        stripe.ofCustomer(gone).put("deleted", true);

        jobs.reconcileAll();

        assertThat(account("limits ->> 'users'")).isEqualTo("77");
    }

    @Test
    void shouldGoOnAtNightAfterWhatCannotBeKept() throws Exception {
        var other = new World(transactions, key);
        String second = stripe.customer("Other", null, Map.of());
        stripe.subscribe(second, team, 1);
        other.execute("INSERT INTO subscription (account_id, customer_id) VALUES (?, ?)", other.accountId, second);
        assertThat(other.accountId.toString())
                .as("they are read in this order")
                .isGreaterThan(world.accountId.toString());
        database.execute("""
                CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''the test''; END';
                CREATE TRIGGER fail BEFORE UPDATE ON subscription
                    FOR EACH ROW WHEN (NEW.account_id = '%s') EXECUTE FUNCTION fail()
                """.formatted(world.accountId));
        try {
            jobs.reconcileAll();
        } finally {
            database.execute("DROP FUNCTION fail CASCADE");
        }

        assertThat(subscribed("coalesce(product, 'none')")).isEqualTo("none");
        assertThat(other.texts("SELECT product AS v FROM subscription WHERE account_id = ?", other.accountId))
                .containsExactly("Team");
    }

    private void passTime() {
        database.execute(
                "UPDATE subscription SET ends_at = now() - interval '1 second' WHERE customer_id = '" + customer + "'");
    }
}
