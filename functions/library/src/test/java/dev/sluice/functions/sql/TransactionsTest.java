package dev.sluice.functions.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.testing.Pool;
import jakarta.transaction.Status;
import jakarta.transaction.SystemException;
import jakarta.transaction.TransactionManager;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DatabaseExtension.class)
class TransactionsTest {
    private final TestDatabase database;
    private final DataSource source;
    private final Transactions transactions;

    TransactionsTest(TestDatabase database) {
        this.database = database;
        source = Pool.source(database.application());
        transactions = Pool.transactions(database.application());
        database.execute("CREATE TABLE IF NOT EXISTS note (text text)");
        database.execute("GRANT ALL ON note TO PUBLIC");
    }

    @BeforeEach
    void forget() {
        database.execute("DELETE FROM note");
    }

    @Test
    void shouldHaveWhateverTakesAConnectionInTheSameTransaction() {
        assertThatThrownBy(() -> transactions.ofPortal().run(transaction -> {
                    transaction.update("INSERT INTO note VALUES ('by a statement')");
                    byAnotherConnection("INSERT INTO note VALUES ('by an entity')");
                    assertThat(notes(transaction)).isEqualTo(2);
                    throw new IllegalStateException("undo both");
                }))
                .hasMessage("undo both");
        assertThat(transactions.ofPortal().<Long>call(TransactionsTest::notes)).isZero();

        transactions.ofPortal().run(transaction -> {
            transaction.update("INSERT INTO note VALUES ('by a statement')");
            byAnotherConnection("INSERT INTO note VALUES ('by an entity')");
        });
        assertThat(transactions.ofPortal().<Long>call(TransactionsTest::notes)).isEqualTo(2);
    }

    @Test
    void shouldSayWhoActsToStatementsAndEntities() {
        ScopedValue.where(Acting.CURRENT, new Acting(null, "{\"type\":\"test\"}", "request-1"))
                .run(() -> transactions.ofPortal().run(transaction -> {
                    // What a transaction begins with goes along with its first statement.
                    transaction.now();
                    byAnotherConnection("INSERT INTO note SELECT current_setting('sluice.subject')");
                }));

        assertThat(transactions
                        .ofPortal()
                        .<String>call(transaction -> transaction.one("SELECT text FROM note", row -> row.text("text"))))
                .isEqualTo("{\"type\":\"test\"}");
    }

    @Test
    void shouldRefuseATransactionWithinAnother() {
        assertThatThrownBy(() -> transactions
                        .ofPortal()
                        .run(transaction -> transactions.ofPortal().run(inner -> {})))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("within another");
        // Whichever of the two is the database's alone.
        assertThatThrownBy(() -> transactions
                        .ofPortal()
                        .<Object>callImpatiently(
                                transaction -> transactions.ofPortal().<Long>call(TransactionsTest::notes)))
                .hasMessageContaining("within another");
        assertThatThrownBy(() -> transactions
                        .ofPortal()
                        .<Object>call(transaction -> transactions.ofPortal().<Long>read(TransactionsTest::notes)))
                .hasMessageContaining("within another");
        // And nothing of it is left behind on this thread.
        transactions.ofPortal().run(transaction -> transaction.update("INSERT INTO note VALUES ('after')"));
    }

    @Test
    void shouldUndoWhatFailsWhereTheDatabaseAloneHasTheTransaction() {
        assertThatThrownBy(() -> transactions.ofPortal().callImpatiently(transaction -> {
                    transaction.update("INSERT INTO note VALUES ('undone')");
                    throw new IllegalStateException("undo it");
                }))
                .hasMessage("undo it");
        transactions
                .ofPortal()
                .<Object>callImpatiently(transaction -> transaction.update("INSERT INTO note VALUES ('kept')"));

        assertThat(transactions.ofPortal().<Long>call(TransactionsTest::notes)).isOne();
    }

    @Test
    void shouldTryAgainWhatLostADeadlockFromTheStart() {
        var tries = new AtomicInteger();

        int inserted = transactions.ofPortal().call(transaction -> {
            int rows = transaction.update("INSERT INTO note VALUES ('once')");
            if (tries.incrementAndGet() < 3) {
                transaction.update("DO $$ BEGIN RAISE 'a deadlock' USING ERRCODE = 'deadlock_detected'; END $$");
            }
            return rows;
        });

        assertThat(inserted).isEqualTo(1);
        assertThat(tries.get()).isEqualTo(3);
        assertThat(transactions.ofPortal().<Long>call(TransactionsTest::notes)).isEqualTo(1);
        assertThat(transactions.retries()).isEqualTo(2);
    }

    @Test
    void shouldNotRepeatWhatMayHaveBeenCommitted() {
        var tries = new AtomicInteger();

        assertThatThrownBy(() -> transactions.ofPortal().run(transaction -> {
                    tries.incrementAndGet();
                    transaction.update("INSERT INTO note VALUES ('perhaps')");
                    end(transaction.one("SELECT pg_backend_pid()::bigint AS pid", row -> row.number("pid")));
                }))
                .isInstanceOfSatisfying(
                        DatabaseFailure.class,
                        failure -> assertThat(failure.isOutcomeUnknown()).isTrue());

        assertThat(tries.get()).isEqualTo(1);
        assertThat(transactions.ofPortal().<Long>call(TransactionsTest::notes)).isZero();
    }

    /** The manager has rolled it back by then, and refuses to do so again. */
    @Test
    void shouldSayWhatFailedInATransactionThatTookTooLong() throws Exception {
        var manager = com.arjuna.ats.jta.TransactionManager.transactionManager();
        manager.setTransactionTimeout(1);
        try {
            assertThatThrownBy(() -> transactions.ofPortal().run(transaction -> {
                        while (status(manager) != Status.STATUS_ROLLEDBACK) {
                            Thread.onSpinWait();
                        }
                        throw new IllegalStateException("what really failed");
                    }))
                    .hasMessage("what really failed");
        } finally {
            manager.setTransactionTimeout(0);
        }
        transactions.ofPortal().run(transaction -> transaction.update("INSERT INTO note VALUES ('after')"));
    }

    private static int status(TransactionManager manager) {
        try {
            return manager.getStatus();
        } catch (SystemException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A constraint that is checked at the commit refuses there, and its code is what callers see. */
    @Test
    void shouldSayWhatTheDatabaseRefusedAtTheCommit() {
        database.execute("ALTER TABLE note ADD CONSTRAINT once UNIQUE (text) DEFERRABLE INITIALLY DEFERRED");
        try {
            assertThatThrownBy(() -> transactions
                            .ofPortal()
                            .run(transaction -> transaction.update("INSERT INTO note VALUES ('twice'), ('twice')")))
                    .isInstanceOfSatisfying(
                            DatabaseFailure.class,
                            failure -> assertThat(failure.isDuplicate()).isTrue());
        } finally {
            database.execute("ALTER TABLE note DROP CONSTRAINT once");
        }
    }

    private static @Nullable Long notes(Transaction transaction) {
        return transaction.one("SELECT count(*) AS count FROM note", row -> row.number("count"));
    }

    private void byAnotherConnection(String sql) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends the session, and waits until it is gone. */
    private void end(long pid) {
        try (Connection superuser = database.superuser().connect();
                Statement statement = superuser.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(" + pid + ", 5000)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
