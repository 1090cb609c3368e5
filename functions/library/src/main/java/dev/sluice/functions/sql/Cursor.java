package dev.sluice.functions.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rows of one statement, some at a time, as of when it was opened. It ends with its transaction at the latest. */
public final class Cursor<T> implements AutoCloseable {
    private final int atOnce;
    private final Function<Row, T> read;
    private final PreparedStatement statement;
    private final ResultSet result;

    Cursor(Connection connection, String sql, int atOnce, Function<Row, T> read, @Nullable Object... parameters) {
        this.atOnce = atOnce;
        this.read = read;
        try {
            statement = connection.prepareStatement(sql);
            statement.setFetchSize(atOnce);
            for (int index = 0; index < parameters.length; index++) {
                Pipeline.bind(connection, statement, index + 1, parameters[index]);
            }
            result = statement.executeQuery();
        } catch (SQLException e) {
            throw new DatabaseFailure(e);
        }
    }

    /** The next of them; none at the end. */
    public List<T> next() {
        List<T> rows = new ArrayList<>();
        var row = new Row(result);
        try {
            while (rows.size() < atOnce && result.next()) {
                rows.add(read.apply(row));
            }
        } catch (SQLException e) {
            throw new DatabaseFailure(e);
        }
        return rows;
    }

    @Override
    public void close() {
        try {
            statement.close();
        } catch (SQLException e) {
            throw new DatabaseFailure(e);
        }
    }
}
