package dev.sluice.functions.billing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.database.InjectDatabase;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.http.TestHTTPResource;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An account with a customer at Stripe that has subscribed to a plan. */
abstract class SubscribedAccount {
    static final String UPDATED = "customer.subscription.updated";

    @TestHTTPResource("/")
    URI url;

    @Inject
    Transactions transactions;

    @Inject
    TokenKey key;

    @InjectDatabase
    TestDatabase database;

    final StripeStandIn stripe = BillingProfile.stripe();
    Webhook webhook;
    World world;
    String customer;
    String team;
    ObjectNode subscription;

    @BeforeEach
    void subscribed() {
        webhook = new Webhook(url);
        world = new World(transactions, key);
        customer = stripe.customer("Acme Ltd.", "bills@acme.example", Map.of());
        team = stripe.product(
                "Team", Map.of("users_count", "10", "gateway_groups_count", "3", "traffic_filters", "true"));
        subscription = stripe.subscribe(customer, team, 4);
        world.execute("INSERT INTO subscription (account_id, customer_id) VALUES (?, ?)", world.accountId, customer);
    }

    @AfterEach
    void recover() {
        stripe.recover();
    }

    String account(String expression) {
        return world.one(
                "SELECT " + expression + " AS v FROM account WHERE id = ?", row -> row.text("v"), world.accountId);
    }

    String subscribed(String expression) {
        return world.one(
                "SELECT " + expression + " AS v FROM subscription WHERE account_id = ?",
                row -> row.text("v"),
                world.accountId);
    }

    List<String> outcomes() {
        return world.texts(
                "SELECT outcome AS v FROM stripe_event WHERE customer_id = ? ORDER BY processed_at", customer);
    }
}
