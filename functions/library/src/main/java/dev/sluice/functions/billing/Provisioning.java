package dev.sluice.functions.billing;

import dev.sluice.functions.sql.Alone;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Has each account be a customer with a subscription, and Stripe know it by the name that it has. Whatever step it ends at, it
 * goes on from there another time, and asks for nothing twice.
 */
@ApplicationScoped
public class Provisioning {
    private static final Logger LOG = Logger.getLogger(Provisioning.class);

    private static final Duration WITHIN = Duration.ofSeconds(60);
    private static final int AT_ONCE = 10;
    private static final Duration REST = Duration.ofMinutes(5);

    private static final String DUE = "SELECT id FROM accounts_to_provision(?) AS due (id)";

    private static final String READ = """
            SELECT a.name, a.slug, coalesce(a.legal_name, a.name) AS legal_name, s.customer_id,
                   (SELECT email FROM actor WHERE account_id = a.id AND type = 'admin' AND disabled_at IS NULL
                    ORDER BY id LIMIT 1) AS email
            FROM account a LEFT JOIN subscription s ON s.account_id = a.id WHERE a.id = ?
            """;

    private static final String CUSTOMER =
            "INSERT INTO subscription (account_id, customer_id, billing_email) VALUES (?, ?, ?)";

    private static final String DONE =
            "UPDATE subscription SET provisioned_at = now(), told_name = ?, told_slug = ? WHERE account_id = ?";

    private record Account(
            String name,
            String slug,
            String legalName,
            @Nullable String customerId,
            @Nullable String email) {}

    private final Transactions transactions;
    private final Alone alone;
    private final StripeApi stripe;
    private final Synchronization synchronization;
    /** Until when those rest that could not be provisioned, by System.nanoTime. */
    private final Map<UUID, Long> resting = new ConcurrentHashMap<>();

    @Inject
    public Provisioning(Transactions transactions, Alone alone, StripeApi stripe, Synchronization synchronization) {
        this.transactions = transactions;
        this.alone = alone;
        this.stripe = stripe;
        this.synchronization = synchronization;
    }

    /** Does it for some of those for which it is due. */
    void round() {
        List<UUID> due =
                transactions.ofPortal().call(transaction -> transaction.list(DUE, row -> row.id("id"), AT_ONCE));
        resting.values().removeIf(until -> System.nanoTime() - until > 0);
        for (UUID account : due) {
            if (resting.containsKey(account)) {
                continue;
            }
            try {
                alone.run("provision " + account, () -> provision(account));
            } catch (StripeFailure e) {
                if (!e.isPassing()) {
                    resting.put(account, System.nanoTime() + REST.toNanos());
                }
                LOG.warnf("account %s is not provisioned at Stripe yet: %s", account, e.getMessage());
            }
        }
    }

    private boolean provision(UUID accountId) {
        var requests = stripe.within(WITHIN);
        var account = transactions
                .inAccount(accountId)
                .glance(transaction -> transaction.one(
                        READ,
                        row -> new Account(
                                row.text("name"),
                                row.text("slug"),
                                row.text("legal_name"),
                                row.optionalText("customer_id"),
                                row.optionalText("email")),
                        accountId));
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put(AccountFounding.ID, accountId.toString());
        metadata.put(AccountFounding.NAME, account.name());
        metadata.put(AccountFounding.SLUG, account.slug());
        var customer = Optional.ofNullable(account.customerId())
                .map(requests::customer)
                .orElseGet(() -> created(requests, accountId, account, metadata));
        // Who says what is said already has it said back.
        if (!customer.metadata().entrySet().containsAll(metadata.entrySet())) {
            requests.updateCustomer(customer.id(), metadata);
        }
        if (requests.subscription(customer.id()).isEmpty()) {
            requests.createSubscription(customer.id(), "subscription of " + customer.id());
        }
        alone.run(Synchronization.name(customer.id()), () -> synchronization.apply(customer.id()));
        transactions
                .inAccount(accountId)
                .run(transaction -> transaction.update(DONE, account.name(), account.slug(), accountId));
        return true;
    }

    private Customer created(
            StripeApi.Requests requests, UUID accountId, Account account, Map<String, String> metadata) {
        var customer =
                requests.createCustomer(account.legalName(), account.email(), metadata, "customer of " + accountId);
        transactions
                .inAccount(accountId)
                .run(transaction -> transaction.update(CUSTOMER, accountId, customer.id(), account.email()));
        return customer;
    }
}
