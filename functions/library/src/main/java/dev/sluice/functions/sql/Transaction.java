package dev.sluice.functions.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One open transaction. Parameters are bound in order to the question marks; besides the plain types these are taken:
 * {@link UUID}, {@link Instant}, {@code byte[]}, and collections of strings, UUIDs or longs, which become arrays.
 */
public final class Transaction {
    private final Connection connection;

    Transaction(Connection connection) {
        this.connection = connection;
    }

    /** All rows. */
    public <T> List<T> list(String sql, Function<Row, T> read, @Nullable Object... parameters) {
        try (PreparedStatement statement = prepare(sql, parameters);
                ResultSet result = statement.executeQuery()) {
            var rows = new ArrayList<T>();
            var row = new Row(result);
            while (result.next()) {
                rows.add(read.apply(row));
            }
            return rows;
        } catch (SQLException e) {
            throw new DatabaseFailure(e);
        }
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
        try (PreparedStatement statement = prepare(sql, parameters)) {
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new DatabaseFailure(e);
        }
    }

    /** The database's time at which this transaction began. */
    public Instant now() {
        return one("SELECT now() AS now", row -> row.instant("now"));
    }

    private PreparedStatement prepare(String sql, @Nullable Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        try {
            for (int i = 0; i < parameters.length; i++) {
                bind(statement, i + 1, parameters[i]);
            }
            return statement;
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    private void bind(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        switch (value) {
            case Instant instant -> statement.setObject(index, instant.atOffset(ZoneOffset.UTC));
            case Collection<?> values -> statement.setArray(index, array(values));
            case byte[] bytes -> statement.setBytes(index, bytes);
            case null, default -> statement.setObject(index, value);
        }
    }

    private java.sql.Array array(Collection<?> values) throws SQLException {
        Object first = values.isEmpty() ? "" : values.iterator().next();
        String type = switch (first) {
            case UUID id -> "uuid";
            case Long number -> "bigint";
            default -> "text";
        };
        return connection.createArrayOf(type, values.toArray());
    }
}
