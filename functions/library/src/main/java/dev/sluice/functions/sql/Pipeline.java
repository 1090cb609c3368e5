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
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Statements that go to the server together and are answered together, in one round trip. Each is a statement of its own:
 * at READ COMMITTED each sees what was committed before it began, also while the one before it waited for a lock.
 */
public final class Pipeline {
    /** A statement, and who takes its rows; null where it has none. */
    private record Step(
            String sql,
            @Nullable Object[] parameters,
            @Nullable Rows<?> rows) {}

    private static final class Rows<T> {
        private final Function<Row, T> read;
        private @Nullable List<T> rows;

        Rows(Function<Row, T> read) {
            this.read = read;
        }

        void take(ResultSet result) throws SQLException {
            var taken = new ArrayList<T>();
            var row = new Row(result);
            while (result.next()) {
                taken.add(read.apply(row));
            }
            rows = taken;
        }

        List<T> rows() {
            return Objects.requireNonNull(rows, "the pipeline was not sent");
        }
    }

    private final Connection connection;
    private final List<Step> steps = new ArrayList<>();

    Pipeline(Connection connection) {
        this.connection = connection;
    }

    /** Adds a statement; its rows can be had once the pipeline was sent. */
    public <T> Supplier<List<T>> list(String sql, Function<Row, T> read, @Nullable Object... parameters) {
        var rows = new Rows<>(read);
        steps.add(new Step(sql, parameters, rows));
        return rows::rows;
    }

    /** Adds a statement whose result nobody needs. */
    public void run(String sql, @Nullable Object... parameters) {
        steps.add(new Step(sql, parameters, null));
    }

    boolean isEmpty() {
        return steps.isEmpty();
    }

    /**
     * Sends everything, and reads what comes back.
     *
     * @return how many rows the last statement changed
     */
    public int send() {
        var sql = String.join(";\n", steps.stream().map(Step::sql).toList());
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int index = 1;
            for (var step : steps) {
                for (var parameter : step.parameters()) {
                    bind(connection, statement, index++, parameter);
                }
            }
            return take(statement);
        } catch (SQLException e) {
            throw new DatabaseFailure(e);
        } finally {
            steps.clear();
        }
    }

    private int take(PreparedStatement statement) throws SQLException {
        boolean hasRows = statement.execute();
        int changed = 0;
        for (var step : steps) {
            if (hasRows) {
                try (ResultSet result = statement.getResultSet()) {
                    if (step.rows() != null) {
                        step.rows().take(result);
                    }
                }
                changed = 0;
            } else {
                changed = Math.max(0, statement.getUpdateCount());
            }
            hasRows = statement.getMoreResults();
        }
        return changed;
    }

    static void bind(Connection connection, PreparedStatement statement, int index, @Nullable Object value)
            throws SQLException {
        switch (value) {
            case Instant instant -> statement.setObject(index, instant.atOffset(ZoneOffset.UTC));
            case TypedArray(var type, var values) ->
                statement.setArray(index, connection.createArrayOf(type, values.toArray()));
            case Collection<?> values -> bind(connection, statement, index, array(values));
            case byte[] bytes -> statement.setBytes(index, bytes);
            case null, default -> statement.setObject(index, value);
        }
    }

    private static TypedArray array(Collection<?> values) {
        Object first = values.isEmpty() ? "" : values.iterator().next();
        return switch (first) {
            case UUID id -> new TypedArray("uuid", values);
            case Long number -> new TypedArray("bigint", values);
            default -> new TypedArray("text", values);
        };
    }
}
