package dev.sluice.functions.billing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.functions.account.AccountService;
import dev.sluice.functions.plan.Feature;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes an account what its customer and its subscription are at Stripe, now and whole: whoever reads later applies what is at
 * least as new, since one customer's is done by one at a time ({@link #name}).
 */
@ApplicationScoped
public class Synchronization {
    static final String APPLIED = "applied";

    /** All that is read for an event: Stripe waits for its answer. */
    private static final Duration READ_WITHIN = Duration.ofSeconds(5);

    private static final String ACCOUNT = "SELECT account_of_customer(?) AS account_id";

    private static final String BECOME = """
            UPDATE account SET name = coalesce(?, name), legal_name = ?, slug = coalesce(?, slug) WHERE id = ?
            """;

    private static final String ENTITLE = "UPDATE account SET limits = ?::jsonb, features = ?::text[] WHERE id = ?";

    private static final String OF_ANOTHER = "SELECT FROM any_account WHERE slug = ? AND id <> ?";

    private static final String TOLD = "SELECT told_name, told_slug FROM subscription WHERE account_id = ?";

    private static final String CUSTOMER = """
            INSERT INTO subscription (account_id, customer_id, billing_email) VALUES (?, ?, ?)
            ON CONFLICT (account_id) DO UPDATE SET billing_email = excluded.billing_email, read_at = now()
            WHERE subscription.customer_id = excluded.customer_id
            """;

    /** The time that a subscription which is over leaves goes on from when that was read first, whatever it is over by. */
    private static final String SUBSCRIPTION = """
            UPDATE subscription SET
                subscription_id = coalesce(?, subscription_id), status = ?, product = coalesce(?, product),
                support_type = ?, trial_ends_at = ?, ended_reason = ?,
                ends_at = CASE WHEN ?::text IS NOT NULL THEN coalesce(ends_at, now() + ? * interval '1 millisecond') END
            WHERE account_id = ?
            RETURNING ends_at <= now() AS due
            """;

    private static final String HAD_ONE =
            "SELECT FROM subscription WHERE account_id = ? AND subscription_id IS NOT NULL";

    private final Transactions transactions;
    private final StripeApi stripe;
    private final AccountService accounts;
    private final AccountFounding founding;
    private final BillingSettings settings;
    private final ObjectMapper json;

    @Inject
    public Synchronization(
            Transactions transactions,
            StripeApi stripe,
            AccountService accounts,
            AccountFounding founding,
            BillingSettings settings,
            ObjectMapper json) {
        this.transactions = transactions;
        this.stripe = stripe;
        this.accounts = accounts;
        this.founding = founding;
        this.settings = settings;
        this.json = json;
    }

    /** By which one at a time does it, for each customer. */
    static String name(String customerId) {
        return "stripe " + customerId;
    }

    /**
     * What an event is a signal of. To be called alone.
     *
     * @return what came of it; kept with the event, in one transaction with what it changed
     * @throws StripeFailure when it cannot be, now or for good
     */
    String apply(StripeEvent event) {
        return apply(String.valueOf(event.customerId()), event);
    }

    /** The same where nobody signalled anything. */
    String apply(String customerId) {
        return apply(customerId, null);
    }

    private String apply(String customerId, @Nullable StripeEvent event) {
        var known = account(customerId);
        var requests = stripe.within(READ_WITHIN);
        var customer = requests.customer(customerId);
        if (customer.deleted() && known.isEmpty()) {
            throw StripeFailure.lasting("the customer is deleted");
        }
        var subscription = requests.subscription(customerId);
        var entitlement = subscription.flatMap(read -> entitlement(requests, read));
        var founded = known.isPresent() ? Optional.<AccountFounding.Wanted>empty() : founding.read(customer);
        if (known.isEmpty() && founded.isEmpty()) {
            throw StripeFailure.lasting(
                    "missing_custom_metadata: the customer is of no account, and its metadata does not"
                            + " say whose it is to become");
        }
        var accountId = known.orElseGet(() -> founded.orElseThrow().accountId());
        return transactions.inAccount(accountId).call(transaction -> {
            // It may end access, or give it back: that of this account, which is said before a row is locked.
            Turns.take(transaction, accountId);
            founded.ifPresent(wanted -> founding.found(transaction, wanted));
            if (transaction.update(CUSTOMER, accountId, customerId, customer.email()) == 0) {
                throw StripeFailure.lasting("the account is another customer's");
            }
            var outcome = become(transaction, accountId, customer);
            subscribe(transaction, accountId, subscription, entitlement);
            if (event != null) {
                StripeInbox.keep(transaction, event, outcome);
            }
            return outcome;
        });
    }

    /** What a subscription gives, and the name of that. */
    private record Plan(String name, Entitlement entitlement) {}

    /** Empty where it cannot be made out, and need not be: that a subscription is over is heard all the same. */
    private static Optional<Plan> entitlement(StripeApi.Requests requests, Subscription subscription) {
        try {
            return Optional.of(plan(requests, subscription));
        } catch (StripeFailure e) {
            if (e.isPassing() || subscription.ended() == null) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private static Plan plan(StripeApi.Requests requests, Subscription subscription) {
        if (subscription.items().size() != 1) {
            throw StripeFailure.lasting(
                    "the subscription has " + subscription.items().size() + " items, and not one");
        }
        var item = subscription.items().getFirst();
        var product = requests.product(item.product());
        return new Plan(product.name(), Entitlement.of(product.metadata(), subscription.metadata(), item.quantity()));
    }

    private Optional<UUID> account(String customerId) {
        return transactions
                .ofPortal()
                .glance(transaction -> transaction
                        .list(ACCOUNT, row -> Optional.ofNullable(row.optionalId("account_id")), customerId)
                        .getFirst());
    }

    /**
     * Takes its names from Stripe where somebody changed them there: what the portal has said itself is no news, and may be
     * old. A name that cannot be one is no reason not to hear of a subscription.
     */
    private static String become(Transaction transaction, UUID accountId, Customer customer) {
        if (customer.deleted()) {
            return APPLIED;
        }
        var told = transaction.one(
                TOLD, row -> new Names(row.optionalText("told_name"), row.optionalText("told_slug")), accountId);
        var name = customer.metadata().getOrDefault(AccountFounding.NAME, customer.name());
        var slug = customer.metadata().get(AccountFounding.SLUG);
        boolean renamed = name != null && !name.equals(told.name()) && AccountService.isName(name);
        boolean moved = slug != null && !slug.equals(told.slug());
        String refused = !moved || slug == null
                ? null
                : !slug.matches(AccountService.SLUG)
                        ? "slug_invalid"
                        : transaction
                                        .first(OF_ANOTHER, row -> true, slug, accountId)
                                        .isPresent()
                                ? "slug_taken"
                                : null;
        transaction.update(
                BECOME, renamed ? name : null, customer.name(), moved && refused == null ? slug : null, accountId);
        return Objects.requireNonNullElse(refused, APPLIED);
    }

    private record Names(@Nullable String name, @Nullable String slug) {}

    private void subscribe(
            Transaction transaction, UUID accountId, Optional<Subscription> subscription, Optional<Plan> plan) {
        boolean had = transaction.first(HAD_ONE, row -> true, accountId).isPresent();
        String ended = subscription
                .map(read -> Optional.ofNullable(read.ended()))
                .orElse(Optional.empty())
                .orElse(subscription.isEmpty() && had ? Subscription.DELETED : null);
        plan.ifPresent(read -> transaction.update(
                ENTITLE,
                write(read.entitlement().limits().entrySet().stream()
                        .collect(Collectors.toMap(limit -> limit.getKey().word(), Map.Entry::getValue))),
                read.entitlement().features().stream().map(Feature::word).toList(),
                accountId));
        Instant trialUntil = subscription.map(Subscription::trialUntil).orElse(null);
        boolean due = transaction.one(
                SUBSCRIPTION,
                row -> row.optionalFlag("due"),
                subscription.map(Subscription::id).orElse(null),
                subscription.map(Subscription::status).orElse(null),
                plan.map(Plan::name).orElse(null),
                plan.map(read -> read.entitlement().supportType()).orElse(null),
                trialUntil,
                ended,
                ended,
                settings.grace().toMillis(),
                accountId);
        if (ended == null) {
            accounts.enable(transaction, accountId, Subscription.PAUSED, Subscription.DELETED);
        } else if (due) {
            accounts.disable(transaction, accountId, ended);
        }
        Warning.say(transaction, accountId);
    }

    private String write(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
