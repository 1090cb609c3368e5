package dev.sluice.functions.sql;

import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * For work that waits for somebody outside the portal: one at a time does what has the same name, whichever instance it is
 * on, and only so many do anything of it at once as there are connections for that. Nothing that decisions rest on is locked
 * meanwhile, and no connection of theirs is held.
 */
@ApplicationScoped
public class Alone {
    private static final String TRY = "SELECT pg_try_advisory_xact_lock(hashtextextended(?, 0))";

    private final javax.sql.DataSource source;

    @Inject
    public Alone(@DataSource("waiting") javax.sql.DataSource source) {
        this.source = source;
    }

    /**
     * Does the work, unless somebody is at it.
     *
     * @param name of what is done
     * @return what the work returned; empty if it was not done
     */
    public <T> Optional<T> run(String name, Supplier<T> work) {
        Optional<Connection> free = connection();
        if (free.isEmpty()) {
            return Optional.empty();
        }
        try (Connection connection = free.get()) {
            connection.setAutoCommit(false);
            try {
                return locked(connection, name) ? Optional.of(work.get()) : Optional.empty();
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new DatabaseFailure(e);
        }
    }

    /** None when all are in use. */
    private Optional<Connection> connection() {
        try {
            return Optional.of(source.getConnection());
        } catch (SQLException e) {
            if (e.getSQLState() == null) {
                return Optional.empty();
            }
            throw new DatabaseFailure(e);
        }
    }

    private static boolean locked(Connection connection, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TRY)) {
            statement.setString(1, name);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
