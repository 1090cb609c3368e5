package dev.sluice.functions.billing;

import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;

/** What an account's admins see of its billing, and where they change it. */
@ApplicationScoped
public class BillingService {
    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final int EVENTS = 20;

    private static final String CUSTOMER = "SELECT customer_id FROM subscription WHERE account_id = ?";

    private static final String READ = """
            SELECT id, customer_id, product, status, support_type, billing_email, trial_ends_at, ended_reason, ends_at, read_at,
                   version
            FROM subscription WHERE account_id = ?
            """;

    private static final String LAST_EVENTS = """
            SELECT id, type, created_at, processed_at, outcome FROM stripe_event WHERE customer_id = ?
            ORDER BY created_at DESC, id DESC LIMIT ?
            """;

    private final BillingSettings settings;
    private final Transactions transactions;
    private final StripeApi stripe;

    @Inject
    public BillingService(BillingSettings settings, Transactions transactions, StripeApi stripe) {
        this.settings = settings;
        this.transactions = transactions;
        this.stripe = stripe;
    }

    /** @throws RequestException when nothing is billed */
    public BillingView get(UUID accountId) {
        return transactions.inAccount(accountId).call(transaction -> {
            var customer = transaction
                    .first(CUSTOMER, row -> row.text("customer_id"), accountId)
                    .orElseThrow(this::none);
            var events = transaction.list(
                    LAST_EVENTS,
                    row -> new BillingView.Event(
                            row.text("id"),
                            row.text("type"),
                            row.instant("created_at"),
                            row.instant("processed_at"),
                            row.text("outcome")),
                    customer,
                    EVENTS);
            return transaction.one(
                    READ,
                    row -> new BillingView(
                            row.id("id"),
                            customer,
                            row.optionalText("product"),
                            row.optionalText("status"),
                            row.optionalText("support_type"),
                            row.optionalText("billing_email"),
                            row.optionalInstant("trial_ends_at"),
                            row.optionalText("ended_reason"),
                            row.optionalInstant("ends_at"),
                            row.instant("read_at"),
                            events,
                            row.number("version")),
                    accountId);
        });
    }

    /**
     * Where whoever pays changes that, for some minutes.
     *
     * @param returnUrl where they come back to; Stripe says whether it is one
     * @throws RequestException when nothing is billed, or Stripe does not answer
     */
    public String portal(UUID accountId, String returnUrl) {
        var customer = transactions
                .inAccount(accountId)
                .glance(transaction -> transaction.first(CUSTOMER, row -> row.text("customer_id"), accountId))
                .orElseThrow(this::none);
        if (!settings.enabled()) {
            throw none();
        }
        try {
            return stripe.within(WITHIN).portal(customer, returnUrl);
        } catch (StripeFailure e) {
            throw RequestException.conflict(e.getMessage() + ". Try again later.");
        }
    }

    /** Whether anybody is billed. */
    public boolean isEnabled() {
        return settings.enabled();
    }

    private RequestException none() {
        return RequestException.notFound(
                settings.enabled()
                        ? "The account is not known to Stripe yet; that takes some seconds."
                        : "This portal bills nobody: BILLING_ENABLED is not set.");
    }
}
