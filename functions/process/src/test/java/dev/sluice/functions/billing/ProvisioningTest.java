package dev.sluice.functions.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.functions.account.AccountService;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.database.InjectDatabase;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transactions;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Accounts become customers, and customers accounts. */
@QuarkusTest
@TestProfile(BillingProfile.class)
@WithTestResource(DatabaseTestResource.class)
class ProvisioningTest {
    @TestHTTPResource("/")
    URI url;

    @Inject
    Transactions transactions;

    @Inject
    AccountService accounts;

    @Inject
    Provisioning provisioning;

    @Inject
    BillingService billing;

    @InjectDatabase
    TestDatabase database;

    private final StripeStandIn stripe = BillingProfile.stripe();

    /** What other tests have made is not in the way. */
    @BeforeEach
    void provisionAll() {
        while (transactions
                .ofPortal()
                .<Boolean>call(transaction -> transaction
                        .first("SELECT FROM accounts_to_provision(1)", row -> true)
                        .isPresent())) {
            provisioning.round();
        }
        stripe.forgetRequests();
    }

    @AfterEach
    void recover() {
        stripe.recover();
    }

    @Test
    void shouldMakeACustomerAndASubscriptionOfANewAccount() {
        UUID account = accounts.create("acme_" + System.nanoTime(), "Acme").id();

        provisioning.round();

        String customer = of(account, "customer_id");
        assertThat(stripe.ofCustomer(customer).path("name").asText()).isEqualTo("Acme");
        assertThat(stripe.ofCustomer(customer).at("/metadata/account_id").asText())
                .isEqualTo(account.toString());
        assertThat(stripe.subscriptionsOf(customer)).hasSize(1);
        assertThat(of(account, "product")).isEqualTo("Starter");
        assertThat(billing.portal(account, "https://acme.example/")).endsWith(customer);
        assertThat(billing.get(account).plan()).isEqualTo("Starter");

        stripe.forgetRequests();
        provisioning.round();
        assertThat(stripe.requests()).as("what is done is not done again").isEmpty();
    }

    /** Wherever it ends, it goes on from there. */
    @Test
    void shouldGoOnWhereItEnded() {
        UUID account = accounts.create("beta_" + System.nanoTime(), "Beta").id();
        for (int answered = 0; answered < 5; answered++) {
            stripe.fail(500, 1);
            provisioning.round();
        }
        stripe.recover();
        provisioning.round();
        provisioning.round();

        String customer = of(account, "customer_id");
        assertThat(stripe.subscriptionsOf(customer)).hasSize(1);
        assertThat(stripe.requests())
                .filteredOn("POST /v1/subscriptions"::equals)
                .hasSize(1);
        assertThat(of(account, "(provisioned_at IS NOT NULL)::text")).isEqualTo("true");
    }

    @Test
    void shouldTellStripeOfAnotherNameAndNotEchoItsOwn() throws Exception {
        UUID account = accounts.create("gamma_" + System.nanoTime(), "Gamma").id();
        provisioning.round();
        String customer = of(account, "customer_id");
        transactions
                .inAccount(account)
                .run(transaction -> transaction.update("UPDATE account SET name = 'Gamma Two' WHERE id = ?", account));
        provisioning.round();
        assertThat(stripe.ofCustomer(customer).at("/metadata/account_name").asText())
                .isEqualTo("Gamma Two");

        stripe.ofCustomer(customer).withObject("/metadata").put("account_name", "Gamma Three");
        new Webhook(url).insist(stripe.event("customer.updated", stripe.ofCustomer(customer)));
        assertThat(account(account, "name")).isEqualTo("Gamma Three");
        stripe.forgetRequests();
        provisioning.round();

        assertThat(stripe.requests()).noneMatch(request -> request.startsWith("POST"));
        assertThat(stripe.ofCustomer(customer).at("/metadata/account_name").asText())
                .isEqualTo("Gamma Three");
    }

    /** Stripe has the name that the portal told it last, which is not news. */
    @Test
    void shouldKeepANewNameOfWhichStripeHasNotHeard() throws Exception {
        UUID account = accounts.create("theta_" + System.nanoTime(), "Theta").id();
        provisioning.round();
        String customer = of(account, "customer_id");
        transactions
                .inAccount(account)
                .run(transaction -> transaction.update("UPDATE account SET name = 'Theta Two' WHERE id = ?", account));

        new Webhook(url)
                .insist(stripe.event(
                        "customer.subscription.updated",
                        stripe.subscriptionsOf(customer).getFirst()));

        assertThat(account(account, "name")).isEqualTo("Theta Two");
    }

    @Test
    void shouldMakeAnAccountOfANewCustomer() throws Exception {
        String customer =
                stripe.customer("Delta Inc.", "pay@delta.example", owner("https://www.delta-inc.example/about"));
        String event = stripe.event("customer.created", stripe.ofCustomer(customer));

        new Webhook(url).insist(event);
        new Webhook(url).insist(event);
        new Webhook(url).insist(stripe.event("customer.updated", stripe.ofCustomer(customer)));

        UUID account = accounts.find("www_delta_inc").orElseThrow().id();
        assertThat(account(account, "name || ' ' || legal_name")).isEqualTo("Delta Inc. Delta Inc.");
        assertThat(texts(account, "SELECT name AS v FROM site ORDER BY name"))
                .containsExactly("Default Site", "Internet");
        assertThat(texts(account, "SELECT type AS v FROM resource")).containsExactly("internet");
        assertThat(texts(account, "SELECT type || ' ' || name || ' ' || email AS v FROM actor"))
                .containsExactly("admin Grace Hopper pay@delta.example");
        provisioning.round();
        assertThat(stripe.ofCustomer(customer).at("/metadata/account_slug").asText())
                .isEqualTo("www_delta_inc");
        assertThat(stripe.subscriptionsOf(customer)).hasSize(1);
    }

    @Test
    void shouldRecordACustomerThatCannotBecomeAnAccount() throws Exception {
        String taken = "taken_" + System.nanoTime();
        accounts.create(taken, "Taken");
        var metadata = new java.util.HashMap<>(owner("https://x.example"));
        metadata.put("account_slug", taken);
        String collides = stripe.customer("Epsilon", "pay@epsilon.example", metadata);
        String nobody = stripe.customer("Nobody", null, Map.of());

        for (String customer : List.of(collides, nobody)) {
            new Webhook(url).insist(stripe.event("customer.created", stripe.ofCustomer(customer)));
        }

        assertThat(outcome(collides)).isEqualTo("failed: slug_taken");
        assertThat(outcome(nobody)).startsWith("failed: missing_custom_metadata");
    }

    /** The portal made the customer and died before it kept that. */
    @Test
    void shouldKnowItsOwnCustomerAgain() throws Exception {
        UUID account = accounts.create("zeta_" + System.nanoTime(), "Zeta").id();
        String customer = stripe.customer("Zeta", null, Map.of("account_id", account.toString()));

        new Webhook(url).insist(stripe.event("customer.created", stripe.ofCustomer(customer)));
        assertThat(of(account, "customer_id")).isEqualTo(customer);

        String second = stripe.customer("Zeta", null, Map.of("account_id", account.toString()));
        new Webhook(url).insist(stripe.event("customer.created", stripe.ofCustomer(second)));
        assertThat(of(account, "customer_id")).isEqualTo(customer);
        assertThat(outcome(second)).isEqualTo("failed: the account is another customer's");
    }

    @Test
    void shouldSayThatAnAccountIsNotBilledYet() {
        UUID account = accounts.create("eta_" + System.nanoTime(), "Eta").id();

        assertThatThrownBy(() -> billing.get(account))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("not known to Stripe yet");
    }

    private static Map<String, String> owner(String website) {
        return Map.of(
                "company_website", website,
                "account_owner_first_name", "Grace",
                "account_owner_last_name", "Hopper");
    }

    private String of(UUID account, String expression) {
        return text(account, "SELECT " + expression + " AS v FROM subscription");
    }

    private String account(UUID account, String expression) {
        return text(account, "SELECT " + expression + " AS v FROM account");
    }

    private String text(UUID account, String query) {
        return texts(account, query).getFirst();
    }

    private List<String> texts(UUID account, String query) {
        return transactions.inAccount(account).call(transaction -> transaction.list(query, (Row row) -> row.text("v")));
    }

    private String outcome(String customer) {
        return transactions
                .ofPortal()
                .call(transaction -> transaction.one(
                        "SELECT outcome FROM stripe_event WHERE customer_id = ?",
                        row -> row.text("outcome"),
                        customer));
    }
}
