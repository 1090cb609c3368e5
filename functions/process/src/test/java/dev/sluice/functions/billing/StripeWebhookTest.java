package dev.sluice.functions.billing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.sql.Alone;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Stripe tells, and what comes of it: the account is what Stripe has, whatever was said in which order. */
@QuarkusTest
@TestProfile(BillingProfile.class)
@WithTestResource(DatabaseTestResource.class)
class StripeWebhookTest extends SubscribedAccount {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CHANGES = 30;

    @Inject
    Alone alone;

    @Test
    void shouldGiveAnAccountWhatItHasSubscribedTo() throws Exception {
        subscription.withObject("/metadata").put("users_count", "12").put("support_type", "slack");

        assertThat(webhook.tell(stripe.event("customer.subscription.created", subscription)))
                .isEqualTo(200);

        assertThat(account("limits ->> 'users' || ' ' || (limits ->> 'gateway_groups') || ' ' || features::text"))
                .isEqualTo("12 3 {traffic_filters}");
        assertThat(account("legal_name")).isEqualTo("Acme Ltd.");
        assertThat(subscribed("product || ' ' || status || ' ' || support_type || ' ' || billing_email"))
                .isEqualTo("Team active slack bills@acme.example");
        assertThat(outcomes()).containsExactly("applied");
        assertThat(world.texts(
                        "SELECT DISTINCT subject || ' ' || left(request, 4) AS v FROM audit_entry WHERE account_id = ?"
                                + " AND action IN ('account_changed', 'subscription_changed')",
                        world.accountId))
                .containsExactly("stripe evt_");
    }

    /** A message that was on its way for long says what was, and what is counts. */
    @Test
    void shouldBelieveStripeAndNotTheEvent() throws Exception {
        var old = subscription.deepCopy().put("status", "canceled");

        assertThat(webhook.tell(stripe.event("customer.subscription.deleted", old)))
                .isEqualTo(200);

        assertThat(subscribed("status || ' ' || coalesce(ended_reason, 'goes on')"))
                .isEqualTo("active goes on");
    }

    @Test
    void shouldTakeAnEventOnce() throws Exception {
        String event = stripe.event(UPDATED, subscription);
        assertThat(webhook.tell(event)).isEqualTo(200);
        stripe.forgetRequests();
        int version = Integer.parseInt(subscribed("version::text"));

        assertThat(webhook.tell(event)).isEqualTo(200);

        assertThat(stripe.requests()).isEmpty();
        assertThat(subscribed("version::text")).isEqualTo(Integer.toString(version));
        assertThat(outcomes()).hasSize(1);
    }

    /** Changes go on while they are told, twice or late; who reads early and writes late would undo what came between. */
    @Test
    void shouldComeToWhatStripeHasWhateverTheOrder() throws Exception {
        long seed = System.nanoTime();
        var random = new Random(seed);
        List<Future<?>> told = new ArrayList<>();
        stripe.hesitate(30);
        try (var threads = Executors.newFixedThreadPool(6)) {
            for (int change = 0; change < CHANGES; change++) {
                subscription.withObject("/metadata").put("users_count", Integer.toString(change));
                subscription.put("status", random.nextBoolean() ? "active" : "canceled");
                String event = stripe.event(UPDATED, subscription.deepCopy());
                for (int time = 0; time <= random.nextInt(2); time++) {
                    told.add(threads.submit(() -> {
                        webhook.insist(event);
                        return true;
                    }));
                }
                if (random.nextInt(4) == 0) {
                    told.get(random.nextInt(told.size())).get();
                }
            }
            for (Future<?> done : told) {
                done.get();
            }
        }

        assertThat(account("limits ->> 'users'")).as("seed %d", seed).isEqualTo(Integer.toString(CHANGES - 1));
        assertThat(subscribed("status"))
                .as("seed %d", seed)
                .isEqualTo(subscription.path("status").asText());
        assertThat(outcomes()).hasSize(CHANGES).containsOnly("applied");
    }

    @Test
    void shouldReadEventsOfOtherVersions() throws Exception {
        ObjectNode other = JSON.createObjectNode().put("object", "subscription").put("id", "sub_x");
        other.putObject("customer").put("object", "customer").put("id", customer);
        other.put("of_a_later_day", 1);

        assertThat(webhook.tell(stripe.event(UPDATED, other))).isEqualTo(200);

        assertThat(subscribed("product")).isEqualTo("Team");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 409, 429, 500, 503})
    void shouldHaveStripeComeAgainWhereItCannotBeRead(int status) throws Exception {
        stripe.fail(status, Integer.MAX_VALUE);
        String event = stripe.event(UPDATED, subscription);

        assertThat(webhook.tell(event)).isEqualTo(503);

        assertThat(outcomes()).isEmpty();
        stripe.recover();
        webhook.insist(event);
        assertThat(subscribed("product")).isEqualTo("Team");
    }

    /** There is time for one more try. */
    @Test
    void shouldAskAgainWhereStripeHasTooMuch() throws Exception {
        stripe.fail(429, 1);

        assertThat(webhook.tell(stripe.event(UPDATED, subscription))).isEqualTo(200);

        assertThat(outcomes()).containsExactly("applied");
    }

    @Test
    void shouldNotWaitForAnAnswerThatComesByteByByte() throws Exception {
        stripe.dribble(true);

        assertThat(webhook.tell(stripe.event(UPDATED, subscription))).isEqualTo(503);

        assertThat(outcomes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {402, 404})
    void shouldRecordWhatWillNeverBe(int status) throws Exception {
        stripe.fail(status, Integer.MAX_VALUE);

        assertThat(webhook.tell(stripe.event(UPDATED, subscription))).isEqualTo(200);

        assertThat(outcomes()).singleElement().asString().startsWith("failed: Stripe answered " + status);
    }

    @Test
    void shouldComeAgainWhereSomebodyIsAtIt() throws Exception {
        String event = stripe.event(UPDATED, subscription);

        var during =
                alone.run(Synchronization.name(customer), () -> tell(event)).orElseThrow();

        assertThat(during).isEqualTo(503);
        assertThat(outcomes()).isEmpty();
        assertThat(webhook.tell(event)).isEqualTo(200);
    }

    @Test
    void shouldRecordAndNotFollowWhatIsAboutNothing() throws Exception {
        stripe.forgetRequests();

        for (String type :
                List.of("customer.subscription.pending_update_applied", "invoice.paid", "customer.deleted")) {
            assertThat(webhook.tell(stripe.event(type, subscription))).isEqualTo(200);
        }

        assertThat(outcomes()).containsOnly("ignored").hasSize(3);
        assertThat(stripe.requests()).isEmpty();
    }

    /** What it gave cannot be made out, and that it is over counts. */
    @Test
    void shouldHearThatASubscriptionIsOverWhoseMetadataMakesNoSense() throws Exception {
        subscription.withObject("/metadata").put("users_count", "many");
        webhook.insist(stripe.event(UPDATED, subscription));
        subscription.put("status", "canceled");

        webhook.insist(stripe.event("customer.subscription.deleted", subscription));

        assertThat(outcomes())
                .containsExactly("failed: metadata: users_count is neither a number nor unlimited", "applied");
        assertThat(subscribed("ended_reason")).isEqualTo("Stripe subscription deleted");
    }

    /** Asks of other accounts do not wait for what Stripe says of one, nor that for them. */
    @Test
    void shouldHoldUpNoOtherAccount() throws Exception {
        var other = new World(transactions, key);
        try (var asking = database.owner().connect();
                var statement = asking.createStatement();
                var threads = Executors.newSingleThreadExecutor()) {
            asking.setAutoCommit(false);
            statement.execute(
                    "SELECT pg_advisory_xact_lock_shared(every_turn()), pg_advisory_xact_lock_shared(turn_of('"
                            + other.accountId + "'))");

            var told = threads.submit(() -> webhook.tell(stripe.event(UPDATED, subscription)));

            try {
                assertThat(told.get(20, TimeUnit.SECONDS)).isEqualTo(200);
            } finally {
                asking.rollback();
            }
        }
    }

    @Test
    void shouldTakeAPauseForAnEndAndLetAloneWhatSomebodyElseDisabled() throws Exception {
        subscription.putObject("pause_collection").put("behavior", "void");
        webhook.insist(stripe.event(UPDATED, subscription));
        assertThat(subscribed("ended_reason")).isEqualTo("Stripe subscription paused");
        String ends = subscribed("ends_at::text");
        subscription.put("status", "canceled");
        webhook.insist(stripe.event("customer.subscription.deleted", subscription));
        assertThat(subscribed("ended_reason || ' ' || ends_at"))
                .as("not later by what else it is over by")
                .isEqualTo("Stripe subscription deleted " + ends);
        subscription.put("status", "active");

        world.execute(
                "UPDATE account SET disabled_at = now(), disabled_reason = 'abuse' WHERE id = ?", world.accountId);
        subscription.remove("pause_collection");
        webhook.insist(stripe.event("customer.subscription.resumed", subscription));

        assertThat(subscribed("coalesce(ended_reason, 'goes on')")).isEqualTo("goes on");
        assertThat(account("disabled_reason")).isEqualTo("abuse");
    }

    @Test
    void shouldNotCutWhatIsOverALimitAndSaySo() throws Exception {
        stripe.ofCustomer(customer);
        subscription.withObject("/metadata").put("users_count", "0").put("service_accounts_count", "unlimited");

        webhook.insist(stripe.event(UPDATED, subscription));

        assertThat(account("warning")).isEqualTo("There is more than the account's plan has room for: 1 users of 0.");
        assertThat(world.count("SELECT count(*) AS count FROM actor WHERE account_id = ?", world.accountId))
                .isEqualTo(1);
        assertThat(world.authorize()).isNotNull();

        subscription.withObject("/metadata").put("users_count", "1");
        webhook.insist(stripe.event(UPDATED, subscription));
        assertThat(account("coalesce(warning, 'none')")).isEqualTo("none");
    }

    @Test
    void shouldApplyASubscriptionWhoseCustomerHasASlugThatIsTaken() throws Exception {
        var other = new World(transactions, key);
        String taken = other.one("SELECT slug FROM account WHERE id = ?", row -> row.text("slug"), other.accountId);
        stripe.ofCustomer(customer)
                .withObject("/metadata")
                .put("account_slug", taken)
                .put("account_name", "Acme Two");

        webhook.insist(stripe.event("customer.updated", stripe.ofCustomer(customer)));

        assertThat(outcomes()).containsExactly("slug_taken");
        assertThat(account("name || ' ' || (slug <> '" + taken + "')::text")).isEqualTo("Acme Two true");
        assertThat(subscribed("product")).isEqualTo("Team");
    }

    @Test
    void shouldRefuseASubscriptionOfSeveralItems() throws Exception {
        subscription
                .withArray("/items/data")
                .add(subscription.at("/items/data/0").deepCopy());

        assertThat(webhook.tell(stripe.event(UPDATED, subscription))).isEqualTo(200);

        assertThat(outcomes()).containsExactly("failed: the subscription has 2 items, and not one");
    }

    private int tell(String event) {
        try {
            return webhook.tell(event);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
