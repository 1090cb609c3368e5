package dev.sluice.functions.billing;

import dev.sluice.functions.account.AccountService;
import dev.sluice.functions.job.Leases;
import dev.sluice.functions.job.Rhythm;
import dev.sluice.functions.job.ScheduledJob;
import dev.sluice.functions.job.ScheduledJobs;
import dev.sluice.functions.sql.Acting;
import dev.sluice.functions.sql.Alone;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What billing does without being asked, on one instance at a time. */
@ApplicationScoped
public class BillingJobs implements ScheduledJobs {
    private static final Logger LOG = Logger.getLogger(BillingJobs.class);

    private static final int PAGE = 100;

    /** What a lost event would have changed is changed then. */
    private static final LocalTime NIGHT = LocalTime.of(3, 17);

    private static final String OVER = "SELECT id FROM accounts_over() AS due (id)";

    private static final String ENDED =
            "SELECT ended_reason FROM subscription WHERE account_id = ? AND ends_at <= now()";

    private static final String BILLED = "SELECT account_id, customer_id FROM accounts_billed(?, ?)";

    private record Billed(UUID accountId, String customerId) {}

    private final BillingSettings settings;
    private final Leases leases;
    private final Transactions transactions;
    private final Alone alone;
    private final AccountService accounts;
    private final Provisioning provisioning;
    private final Synchronization synchronization;
    private final StripeInbox inbox;

    @Inject
    public BillingJobs(
            BillingSettings settings,
            Leases leases,
            Transactions transactions,
            Alone alone,
            AccountService accounts,
            Provisioning provisioning,
            Synchronization synchronization,
            StripeInbox inbox) {
        this.settings = settings;
        this.leases = leases;
        this.transactions = transactions;
        this.alone = alone;
        this.accounts = accounts;
        this.provisioning = provisioning;
        this.synchronization = synchronization;
        this.inbox = inbox;
    }

    @Override
    public List<ScheduledJob> jobs() {
        return List.of(
                ScheduledJob.every(Duration.ofSeconds(5), "billing-ends", this::disable),
                ScheduledJob.every(Duration.ofSeconds(5), "billing-provisioning", this::provision),
                ScheduledJob.every(Duration.ofMinutes(5), "billing-warnings", this::warn),
                new ScheduledJob("billing-reconciliation", new Rhythm.Daily(NIGHT), stays -> reconcile()));
    }

    /** Before the jobs begin, and everything else. */
    void check(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE - 1) StartupEvent event) {
        settings.check();
    }

    void disable() {
        if (isOurs("billing-ends")) {
            act("ends", this::disableOver);
        }
    }

    void provision() {
        if (isOurs("billing-provisioning")) {
            act("provisioning", provisioning::round);
        }
    }

    void warn() {
        if (isOurs("billing-warnings")) {
            act("warnings", this::warnAll);
            inbox.forget();
        }
    }

    void reconcile() {
        if (isOurs("billing-reconciliation")) {
            act("reconciliation", this::reconcileAll);
        }
    }

    private static void act(String job, Runnable work) {
        ScopedValue.where(Acting.CURRENT, new Acting(null, "billing", job)).run(work);
    }

    private void warnAll() {
        forEach(billed -> transactions
                .inAccount(billed.accountId())
                .run(transaction -> Warning.say(transaction, billed.accountId())));
    }

    /** Disables accounts whose subscription has been over for long enough. */
    void disableOver() {
        for (UUID account :
                transactions.ofPortal().<List<UUID>>call(transaction -> transaction.list(OVER, row -> row.id("id")))) {
            transactions.inAccount(account).run(transaction -> {
                // Whoever hears that it goes on after all had the turn before, or has it after.
                Turns.take(transaction, account);
                transaction
                        .first(ENDED, row -> row.text("ended_reason"), account)
                        .ifPresent(reason -> accounts.disable(transaction, account, reason));
            });
        }
    }

    /** Reads all customers anew. One that cannot be read or kept does not keep the others waiting. */
    void reconcileAll() {
        forEach(billed ->
                alone.run(Synchronization.name(billed.customerId()), () -> synchronization.apply(billed.customerId())));
    }

    private interface Work {
        void on(Billed billed);
    }

    private void forEach(Work work) {
        @Nullable UUID after = null;
        List<Billed> page;
        do {
            UUID from = after;
            page = transactions
                    .ofPortal()
                    .call(transaction -> transaction.list(
                            BILLED, row -> new Billed(row.id("account_id"), row.text("customer_id")), from, PAGE));
            for (Billed billed : page) {
                try {
                    work.on(billed);
                } catch (StripeFailure e) {
                    LOG.warnf("customer %s: %s", billed.customerId(), e.getMessage());
                } catch (RuntimeException e) {
                    LOG.errorf(e, "customer %s", billed.customerId());
                }
                after = billed.accountId();
            }
        } while (page.size() == PAGE);
    }

    private boolean isOurs(String job) {
        return settings.enabled() && leases.hold(job);
    }
}
