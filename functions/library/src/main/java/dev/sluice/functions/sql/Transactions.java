package dev.sluice.functions.sql;

import com.arjuna.ats.arjuna.common.CoordinatorEnvironmentBean;
import com.arjuna.ats.arjuna.common.ObjectStoreEnvironmentBean;
import com.arjuna.ats.internal.arjuna.objectstore.VolatileStore;
import com.arjuna.common.internal.util.propertyservice.BeanPopulator;
import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.PersistenceException;
import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.TransactionManager;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Transactions at READ COMMITTED, on which the guarantees of decisions and revocations rest: a statement that waited for a
 * lock sees what was committed meanwhile. They are JTA's, so that what is written by entities is in the same one, but for
 * those of devices, which have to do with no entities and are the database's alone. A transaction that lost a deadlock is
 * tried again as a whole, outside of it, with nothing left of the first try.
 *
 * <p>Each is of one account, or of none.
 */
@ApplicationScoped
public class Transactions {
    /** How often work is tried that lost a deadlock or a serialization. */
    private static final int ATTEMPTS = 5;

    /** How long connections that lead to a server which is gone are used up, until one leads elsewhere. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration PAUSE = Duration.ofMillis(20);

    private static final String DEADLOCK_DETECTED = "40P01";
    private static final String SERIALIZATION_FAILURE = "40001";

    /** Bound in a transaction that the manager does not know. */
    private static final ScopedValue<Boolean> LOCAL = ScopedValue.newInstance();

    private static final Logger LOG = Logger.getLogger(Transactions.class);

    private final DataSource source;
    private final TransactionManager manager;
    private final LongAdder retries = new LongAdder();

    static {
        // Where one database takes part there is nothing to remember between a prepare and a commit: no files for that,
        // and nobody elsewhere to ask after it.
        Stream.of(
                        BeanPopulator.getDefaultInstance(ObjectStoreEnvironmentBean.class),
                        BeanPopulator.getNamedInstance(ObjectStoreEnvironmentBean.class, "communicationStore"),
                        BeanPopulator.getNamedInstance(ObjectStoreEnvironmentBean.class, "stateStore"))
                .forEach(store -> store.setObjectStoreType(VolatileStore.class.getName()));
        BeanPopulator.getDefaultInstance(CoordinatorEnvironmentBean.class).setTransactionStatusManagerEnable(false);
    }

    @Inject
    public Transactions(DataSource source, TransactionManager manager) {
        this.source = source;
        this.manager = manager;
    }

    /**
     * For work in one account: of others there is nothing, neither to be read nor to be written.
     *
     * @throws IllegalStateException when the work is done on behalf of somebody in another account
     */
    public TransactionScope inAccount(UUID accountId) {
        if (Acting.CURRENT.isBound()) {
            Acting.CURRENT.get().require(accountId);
        }
        return new TransactionScope(this, accountId);
    }

    /**
     * For work that is no account's: it sees nothing of any, but for what the database has functions and views for, which
     * {@code R__across_accounts.sql} lists.
     */
    public TransactionScope ofPortal() {
        return new TransactionScope(this, null);
    }

    <T extends @Nullable Object> T call(Consumer<Transaction> beginning, Function<Transaction, T> work) {
        return callFor(Duration.ZERO, beginning, work);
    }

    /** @param atMost then it is rolled back; zero for the usual minute */
    <T extends @Nullable Object> T callFor(
            Duration atMost, Consumer<Transaction> beginning, Function<Transaction, T> work) {
        return insist(() -> once(atMost, beginning, work));
    }

    /** The database's own, without the transaction manager: entities have no part in it. */
    <T extends @Nullable Object> T callLocally(Consumer<Transaction> beginning, Function<Transaction, T> work) {
        return insist(() -> onceLocally(beginning, work));
    }

    private <T extends @Nullable Object> T insist(Supplier<T> transaction) {
        long begin = System.nanoTime();
        for (int attempt = 1; ; attempt++) {
            try {
                return transaction.get();
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

    /** @param preparing what goes before each of the statements */
    <T extends @Nullable Object> T glance(Consumer<Pipeline> preparing, Function<Transaction, T> work) {
        try (Connection connection = source.getConnection()) {
            return work.apply(Transaction.ofStatements(connection, preparing));
        } catch (SQLException e) {
            throw new DatabaseFailure(e);
        }
    }

    /** How often work ran again because it had lost a deadlock. */
    public long retries() {
        return retries.sum();
    }

    private <T extends @Nullable Object> T once(
            Duration atMost, Consumer<Transaction> beginning, Function<Transaction, T> work) {
        begin(atMost);
        boolean ended = false;
        try {
            T result = inside(beginning, work);
            ended = true;
            commit();
            return result;
        } finally {
            if (!ended) {
                rollback();
            }
        }
    }

    /** Whatever takes a connection of this source until the end takes this one: statements and entities alike. */
    private <T extends @Nullable Object> T inside(Consumer<Transaction> beginning, Function<Transaction, T> work) {
        try (Connection connection = source.getConnection()) {
            Transaction transaction = new Transaction(connection);
            beginning.accept(transaction);
            return work.apply(transaction);
        } catch (SQLException e) {
            throw new DatabaseFailure(e);
        } catch (PersistenceException e) {
            throw DatabaseFailure.ofEntities(e);
        }
    }

    private <T extends @Nullable Object> T onceLocally(Consumer<Transaction> beginning, Function<Transaction, T> work) {
        requireNone();
        return ScopedValue.where(LOCAL, true).call(() -> {
            try (Connection connection = source.getConnection()) {
                connection.setAutoCommit(false);
                boolean ended = false;
                try {
                    Transaction transaction = new Transaction(connection);
                    beginning.accept(transaction);
                    T result = work.apply(transaction);
                    ended = true;
                    commit(connection);
                    return result;
                } finally {
                    if (!ended) {
                        rollback(connection);
                    }
                }
            } catch (SQLException e) {
                throw new DatabaseFailure(e);
            }
        });
    }

    private void requireNone() {
        try {
            if (LOCAL.isBound() || manager.getStatus() != Status.STATUS_NO_TRANSACTION) {
                throw new IllegalStateException(
                        "a transaction within another: its work would be done although the outer is not");
            }
        } catch (SystemException e) {
            throw new IllegalStateException("no transaction can begin", e);
        }
    }

    private static void commit(Connection connection) {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw DatabaseFailure.ofCommit(e);
        }
    }

    private static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            LOG.debugf("not rolled back by hand, the connection being gone: %s", e.toString());
        }
    }

    private void begin(Duration atMost) {
        requireNone();
        try {
            if (!atMost.isZero()) {
                manager.setTransactionTimeout(Math.toIntExact(atMost.toSeconds()));
            }
            manager.begin();
            if (!atMost.isZero()) {
                manager.setTransactionTimeout(0);
            }
        } catch (NotSupportedException | SystemException e) {
            throw new IllegalStateException("no transaction can begin", e);
        }
    }

    /** Of a commit that fails with its connection nobody knows whether it was done. */
    private void commit() {
        try {
            manager.commit();
        } catch (RollbackException | HeuristicMixedException | HeuristicRollbackException | SystemException e) {
            throw DatabaseFailure.ofCommit(e);
        }
    }

    private void rollback() {
        try {
            manager.rollback();
        } catch (SystemException e) {
            LOG.debugf("not rolled back by hand, the connection being gone: %s", e.toString());
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
