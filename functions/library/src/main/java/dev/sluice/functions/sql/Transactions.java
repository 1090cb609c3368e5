package dev.sluice.functions.sql;

import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Runs work in transactions at READ COMMITTED, on which the guarantees of decisions and revocations rest: a statement that
 * waited for a lock sees what was committed meanwhile.
 */
@ApplicationScoped
public class Transactions {
    /** How often work is tried that lost a deadlock or a serialization. */
    private static final int ATTEMPTS = 5;

    /** How long connections that lead to a server which is gone are used up, until one leads elsewhere. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofMillis(20);

    private static final String LOCK_TIMEOUT = "SET LOCAL lock_timeout = '2s'";
    private static final String SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";
    private static final String DEADLOCK_DETECTED = "40P01";
    private static final String SERIALIZATION_FAILURE = "40001";

    private final DataSource source;
    private final LongAdder retries = new LongAdder();

    @Inject
    public Transactions(DataSource source) {
        this.source = source;
    }

    /**
     * Runs the work and commits, or rolls back if it throws. Work that lost a deadlock runs again from the start, and so does
     * work whose server went away before the commit or takes no writes any more: by a new connection, to whichever is the
     * primary now.
     *
     * @throws DatabaseFailure when the database refuses or cannot be reached
     */
    public <T extends @Nullable Object> T call(Function<Transaction, T> work) {
        return call(transaction -> {}, work);
    }

    private <T extends @Nullable Object> T call(Consumer<Transaction> beginning, Function<Transaction, T> work) {
        long begin = System.nanoTime();
        for (int attempt = 1; ; attempt++) {
            try {
                return once(beginning, work);
            } catch (DatabaseFailure e) {
                boolean undone = e.isServerGone()
                        ? !e.isOutcomeUnknown() && System.nanoTime() - begin < PATIENCE.toNanos() && moveOn()
                        : e.hasState(DEADLOCK_DETECTED, SERIALIZATION_FAILURE) && attempt < ATTEMPTS;
                if (!undone) {
                    throw e;
                }
                retries.increment();
            }
        }
    }

    /**
     * As {@link #call}, for work that a device will ask for again: it gives up when a row stays locked, so that whoever holds
     * one does not hold all connections.
     *
     * @throws DatabaseFailure that {@link DatabaseFailure#isLocked() is locked} then
     */
    public <T extends @Nullable Object> T callImpatiently(Function<Transaction, T> work) {
        return call(transaction -> transaction.begin(LOCK_TIMEOUT), work);
    }

    /** As {@link #call}, for work that only reads, and everything as of one moment. */
    public <T extends @Nullable Object> T read(Function<Transaction, T> work) {
        return call(transaction -> transaction.begin(SNAPSHOT), work);
    }

    /**
     * Runs statements that only read, each by itself: without what a transaction costs beside them.
     *
     * @throws DatabaseFailure when the database refuses or cannot be reached
     */
    public <T extends @Nullable Object> T glance(Function<Transaction, T> work) {
        try (Connection connection = source.getConnection()) {
            return work.apply(new Transaction(connection));
        } catch (SQLException e) {
            throw new DatabaseFailure(e);
        }
    }

    /** As {@link #call}, for work without a result. */
    public void run(Consumer<Transaction> work) {
        this.<@Nullable Void>call(transaction -> {
            work.accept(transaction);
            return null;
        });
    }

    /** How often work ran again because it had lost a deadlock. */
    public long retries() {
        return retries.sum();
    }

    private <T extends @Nullable Object> T once(Consumer<Transaction> beginning, Function<Transaction, T> work) {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            boolean committed = false;
            try {
                Transaction transaction = new Transaction(connection);
                beginning.accept(transaction);
                if (Acting.SUBJECT.isBound()) {
                    transaction.begin("SELECT set_config('sluice.subject', ?, true)", Acting.SUBJECT.get());
                }
                T result = work.apply(transaction);
                commit(connection);
                committed = true;
                return result;
            } finally {
                if (!committed) {
                    connection.rollback();
                }
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new DatabaseFailure(e);
        }
    }

    /** Of a commit that fails with its connection nobody knows whether it was done. */
    private static void commit(Connection connection) {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw DatabaseFailure.ofCommit(e);
        }
    }

    /** Lets go of all connections, once they are not used: the next ones lead to whichever server is the primary then. */
    public void renewConnections() {
        if (source instanceof AgroalDataSource pool) {
            pool.flush(AgroalDataSource.FlushMode.GRACEFUL);
        }
    }

    /** False if this thread is to end. */
    private boolean moveOn() {
        renewConnections();
        try {
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
