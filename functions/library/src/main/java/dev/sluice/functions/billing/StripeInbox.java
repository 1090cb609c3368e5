package dev.sluice.functions.billing;

import dev.sluice.functions.sql.Acting;
import dev.sluice.functions.sql.Alone;
import dev.sluice.functions.sql.DatabaseFailure;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Objects;
import org.jboss.logging.Logger;

/** Takes each event once. What cannot be done now is left to Stripe, which comes again for three days. */
@ApplicationScoped
public class StripeInbox {
    /** What to answer. */
    enum Answer {
        /** It is dealt with, for good. */
        TAKEN,
        /** It is to come again. */
        LATER
    }

    private static final Logger LOG = Logger.getLogger(StripeInbox.class);

    private static final String KNOWN = "SELECT FROM stripe_event WHERE id = ?";

    private static final String KEEP = """
            INSERT INTO stripe_event (id, type, customer_id, livemode, created_at, outcome) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO NOTHING
            """;

    /** Stripe repeats an event for three days, and shows it for thirty. */
    private static final String FORGET = "DELETE FROM stripe_event WHERE processed_at < now() - interval '45 days'";

    /** As the audit names who has it done; the event is the request. */
    private static final String SUBJECT = "stripe";

    private static final String IGNORED = "ignored";

    private final Transactions transactions;
    private final Alone alone;
    private final Synchronization synchronization;
    private final MeterRegistry metrics;

    @Inject
    public StripeInbox(Transactions transactions, Alone alone, Synchronization synchronization, MeterRegistry metrics) {
        this.transactions = transactions;
        this.alone = alone;
        this.synchronization = synchronization;
        this.metrics = metrics;
    }

    Answer take(StripeEvent event) {
        try {
            if (isKnown(event)) {
                return counted(Answer.TAKEN, "repeated");
            }
            if (!event.isAboutAnAccount()) {
                keep(event, IGNORED);
                return counted(Answer.TAKEN, IGNORED);
            }
            return alone.run(Synchronization.name(Objects.requireNonNull(event.customerId())), () -> carryOut(event))
                    .orElseGet(() -> counted(Answer.LATER, "busy"));
        } catch (DatabaseFailure e) {
            LOG.warnf("Stripe's event %s is to come again: %s", event.id(), e.getMessage());
            return counted(Answer.LATER, "database");
        }
    }

    /** Lets go of events that cannot be repeated any more. */
    void forget() {
        transactions.ofPortal().run(transaction -> transaction.update(FORGET));
    }

    /** What came of an event, as part of what came of it. */
    static void keep(Transaction transaction, StripeEvent event, String outcome) {
        transaction.update(
                KEEP, event.id(), event.type(), event.customerId(), event.livemode(), event.created(), outcome);
    }

    private Answer carryOut(StripeEvent event) {
        if (isKnown(event)) {
            return counted(Answer.TAKEN, "repeated");
        }
        try {
            String outcome = ScopedValue.where(Acting.CURRENT, new Acting(null, SUBJECT, event.id()))
                    .call(() -> synchronization.apply(event));
            if (!outcome.equals(Synchronization.APPLIED)) {
                alarm(event, outcome);
            }
            return counted(Answer.TAKEN, "applied");
        } catch (StripeFailure e) {
            if (e.isPassing()) {
                LOG.warnf("Stripe's event %s is to come again: %s", event.id(), e.getMessage());
                return counted(Answer.LATER, "stripe");
            }
            keep(event, "failed: " + e.getMessage());
            alarm(event, e.getMessage());
            return counted(Answer.TAKEN, "failed");
        }
    }

    private boolean isKnown(StripeEvent event) {
        return transactions
                .ofPortal()
                .<Boolean>glance(transaction ->
                        transaction.first(KNOWN, row -> true, event.id()).isPresent());
    }

    private void keep(StripeEvent event, String outcome) {
        transactions.ofPortal().run(transaction -> keep(transaction, event, outcome));
    }

    private static void alarm(StripeEvent event, String why) {
        LOG.errorf(
                "Stripe's event %s (%s, customer %s) cannot be carried out: %s. Mend it in Stripe: the next event of the"
                        + " customer, or the nightly look, applies it.",
                event.id(), event.type(), event.customerId(), why);
    }

    private Answer counted(Answer answer, String outcome) {
        metrics.counter("sluice.stripe.events", "outcome", outcome).increment();
        return answer;
    }
}
