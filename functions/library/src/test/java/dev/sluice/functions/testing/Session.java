package dev.sluice.functions.testing;

import dev.sluice.functions.database.DatabaseAddress;
import dev.sluice.functions.database.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * An open transaction beside those of the portal: what it locks holds them up, so that a test puts transactions into the
 * order that it is about.
 */
public final class Session implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final Connection connection;
    private final Connection observer;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** Something that goes on beside the test. */
    @FunctionalInterface
    public interface Work<T> {
        T run() throws Exception;
    }

    public Session(TestDatabase database) throws SQLException {
        this(database.owner(), database.superuser());
    }

    private Session(DatabaseAddress owner, DatabaseAddress superuser) throws SQLException {
        connection = owner.connect();
        connection.setAutoCommit(false);
        observer = superuser.connect();
    }

    public void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    public void commit() throws SQLException {
        connection.commit();
    }

    public void rollback() throws SQLException {
        connection.rollback();
    }

    /** Starts the work and returns once so many transactions wait for locks, or the work is done. */
    public <T> CompletableFuture<T> start(int waiting, Work<T> work) throws Exception {
        var started = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return work.run();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                threads);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!started.isDone() && waiting() < waiting) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("nothing waits");
            }
        }
        return started;
    }

    /** Returns once so many transactions wait for locks. */
    public void awaitWaiting(int waiting) throws SQLException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (waiting() < waiting) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("nothing waits");
            }
        }
    }

    public static <T> T result(CompletableFuture<T> started) throws Exception {
        try {
            return started.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("what ran beside failed", e.getCause());
        }
    }

    /** How many transactions wait for locks now. */
    public long waiting() throws SQLException {
        try (var statement = observer.createStatement();
                var row = statement.executeQuery("SELECT count(*) FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND wait_event_type = 'Lock'")) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.rollback();
        connection.close();
        observer.close();
        threads.close();
    }
}
