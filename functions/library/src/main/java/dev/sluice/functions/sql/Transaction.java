package dev.sluice.functions.sql;

import java.sql.Connection;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One open transaction. Parameters are bound in order to the question marks; besides the plain types these are taken:
 * {@link UUID}, {@link Instant}, {@code byte[]}, {@link TypedArray}, and a {@link Collection} of strings, UUIDs or longs,
 * which becomes an array.
 */
public final class Transaction {
    private final Connection connection;
    private final Consumer<Pipeline> preparing;
    /** What the transaction begins with; it goes along with the first statement. */
    private @Nullable Pipeline begun;

    Transaction(Connection connection) {
        this.connection = connection;
        this.preparing = pipeline -> {};
        this.begun = new Pipeline(connection);
    }

    private Transaction(Connection connection, Consumer<Pipeline> preparing) {
        this.connection = connection;
        this.preparing = preparing;
    }

    /**
     * No transaction for all, but one for each of the pipelines.
     *
     * @param preparing what each of them begins with
     */
    static Transaction ofStatements(Connection connection, Consumer<Pipeline> preparing) {
        return new Transaction(connection, preparing);
    }

    /** Adds to what the transaction begins with. */
    void begin(String sql, @Nullable Object... parameters) {
        if (begun == null) {
            throw new IllegalStateException("the transaction has begun");
        }
        begun.run(sql, parameters);
    }

    /** Sends what the transaction begins with. */
    void start() {
        if (begun != null && !begun.isEmpty()) {
            pipeline().send();
        }
    }

    /** For several statements in one round trip. */
    public Pipeline pipeline() {
        var first = begun;
        begun = null;
        if (first != null) {
            return first;
        }
        var next = new Pipeline(connection);
        preparing.accept(next);
        return next;
    }

    /** All rows. */
    public <T> List<T> list(String sql, Function<Row, T> read, @Nullable Object... parameters) {
        var pipeline = pipeline();
        var rows = pipeline.list(sql, read, parameters);
        pipeline.send();
        return rows.get();
    }

    /**
     * Rows of which so many are in memory at once. What other statements of the transaction change meanwhile is not among
     * them.
     */
    public <T> Cursor<T> open(String sql, int atOnce, Function<Row, T> read, @Nullable Object... parameters) {
        start();
        return new Cursor<>(connection, sql, atOnce, read, parameters);
    }

    /** The first row, if there is one. */
    public <T> Optional<T> first(String sql, Function<Row, T> read, @Nullable Object... parameters) {
        return list(sql, read, parameters).stream().findFirst();
    }

    /** The first row of a statement that always has one. */
    public <T> T one(String sql, Function<Row, T> read, @Nullable Object... parameters) {
        return first(sql, read, parameters).orElseThrow();
    }

    /** Runs a statement without rows and says how many rows it changed. */
    public int update(String sql, @Nullable Object... parameters) {
        var pipeline = pipeline();
        pipeline.run(sql, parameters);
        return pipeline.send();
    }

    /** The database's time at which this transaction began. */
    public Instant now() {
        return one("SELECT now() AS now", row -> row.instant("now"));
    }
}
