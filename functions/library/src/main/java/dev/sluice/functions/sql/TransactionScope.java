package dev.sluice.functions.sql;

import java.time.Duration;
import java.util.ArrayList;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs work in transactions of one account, or of none. The account is said to the database with each transaction, never with
 * a connection: row-level security shows what is that account's, and where none was said there is nothing.
 */
public final class TransactionScope {
    private static final String SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";
    private static final String PLANNED_ANEW = "set_config('plan_cache_mode', 'force_custom_plan', true)";
    private static final String PLANNED_AS_IT_GROWS = "set_config('plan_cache_mode', 'auto', true)";
    private static final String FORGET_PLANS = "DISCARD PLANS";
    private static final String UNSYNCED = "set_config('synchronous_commit', 'off', true)";
    private static final String LOCK_TIMEOUT = "set_config('lock_timeout', '2s', true)";
    private static final String ACCOUNT = "set_config('sluice.account', ?, true)";
    private static final String ACTING = "set_config('sluice.subject', ?, true), set_config('sluice.request', ?, true)";

    private final Transactions transactions;
    private final @Nullable UUID account;

    TransactionScope(Transactions transactions, @Nullable UUID account) {
        this.transactions = transactions;
        this.account = account;
    }

    /**
     * Runs the work and commits, or rolls back if it throws. Work that lost a deadlock runs again from the start, and so does
     * work whose server went away before the commit or takes no writes any more: by a new connection, to whichever is the
     * primary now.
     *
     * @throws DatabaseFailure when the database refuses or cannot be reached
     */
    public <T extends @Nullable Object> T call(Function<Transaction, T> work) {
        return begun(null, work);
    }

    /** As {@link #call}, for work without a result. */
    public void run(Consumer<Transaction> work) {
        this.<@Nullable Void>call(transaction -> {
            work.accept(transaction);
            return null;
        });
    }

    /**
     * As {@link #call}, for work that looks through lists: each statement is planned for the values that it has, since which
     * index leads to what a list is narrowed to depends on them. Elsewhere plans are kept, and know no values.
     */
    public <T extends @Nullable Object> T search(Function<Transaction, T> work) {
        return begun(PLANNED_ANEW, work);
    }

    /**
     * As {@link #call}, for work that may take as long, and adds as much as a table had before. Plans that the connection has
     * kept do not know of that, and those of foreign keys, of which there is one for each row, cannot be made anew each time:
     * all are let go of, and those that are made here are kept once they are good.
     */
    public <T extends @Nullable Object> T callFor(Duration atMost, Function<Transaction, T> work) {
        return transactions.callFor(
                atMost,
                transaction -> {
                    begin(transaction, PLANNED_AS_IT_GROWS);
                    transaction.start();
                    transaction.update(FORGET_PLANS);
                },
                work);
    }

    /**
     * As {@link #call}, for work that need not be there any more after the server has crashed: nobody waits until it is on
     * the disk, neither it nor those whose work is.
     */
    public <T extends @Nullable Object> T callUnsynced(Function<Transaction, T> work) {
        return begun(UNSYNCED, work);
    }

    /**
     * As {@link #call}, for work that a device will ask for again: it gives up when a row stays locked, so that whoever holds
     * one does not hold all connections. Entities can have no part in it.
     *
     * @throws DatabaseFailure that {@link DatabaseFailure#isLocked() is locked} then
     */
    public <T extends @Nullable Object> T callImpatiently(Function<Transaction, T> work) {
        return transactions.callLocally(transaction -> begin(transaction, LOCK_TIMEOUT), work);
    }

    /**
     * As {@link #call}, for work that only reads, and everything as of one moment. Entities can have no part in it.
     */
    public <T extends @Nullable Object> T read(Function<Transaction, T> work) {
        return transactions.callLocally(
                transaction -> {
                    transaction.begin(SNAPSHOT);
                    begin(transaction, null);
                },
                work);
    }

    /**
     * Runs statements each by itself, of which none needs what another one saw or did: without what a transaction costs
     * beside them.
     *
     * @throws DatabaseFailure when the database refuses or cannot be reached
     */
    public <T extends @Nullable Object> T glance(Function<Transaction, T> work) {
        var of = account;
        return transactions.glance(
                pipeline -> {
                    if (of != null) {
                        pipeline.run("SELECT " + ACCOUNT, of.toString());
                    }
                },
                work);
    }

    /**
     * Carries work out, and takes it back: what remains is what it returned. It holds what it changed as if it stayed, until
     * then.
     *
     * @throws DatabaseFailure when the database refuses or cannot be reached
     */
    public <T> T attempt(Function<Transaction, T> work) {
        try {
            return call(transaction -> {
                throw new TakenBack(work.apply(transaction));
            });
        } catch (TakenBack taken) {
            @SuppressWarnings("unchecked")
            T result = (T) taken.result;
            return result;
        }
    }

    /** What the transaction begins with is there before the work, whose first statement may be an entity's. */
    private <T extends @Nullable Object> T begun(@Nullable String setting, Function<Transaction, T> work) {
        return transactions.call(
                transaction -> {
                    begin(transaction, setting);
                    transaction.start();
                },
                work);
    }

    /** One statement says all. */
    private void begin(Transaction transaction, @Nullable String setting) {
        var settings = new StringJoiner(", ", "SELECT ", "").setEmptyValue("");
        var values = new ArrayList<@Nullable Object>();
        if (setting != null) {
            settings.add(setting);
        }
        if (account != null) {
            settings.add(ACCOUNT);
            values.add(account.toString());
        }
        if (Acting.CURRENT.isBound()) {
            var acting = Acting.CURRENT.get();
            settings.add(ACTING);
            values.add(acting.subject());
            values.add(acting.request());
        }
        if (settings.length() > 0) {
            transaction.begin(settings.toString(), values.toArray());
        }
        if (Acting.CURRENT.isBound()) {
            transaction.start();
        }
    }

    /** Ends a transaction whose work is not to stay. */
    private static final class TakenBack extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Object result;

        TakenBack(Object result) {
            super(null, null, false, false);
            this.result = result;
        }
    }
}
