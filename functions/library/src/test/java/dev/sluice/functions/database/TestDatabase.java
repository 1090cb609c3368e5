package dev.sluice.functions.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/**
 * A database of one test class.
 *
 * @param application as the portal's requests see it
 * @param owner as the migrations see it
 * @param superuser as nobody in the portal sees it
 */
public record TestDatabase(DatabaseAddress application, DatabaseAddress owner, DatabaseAddress superuser)
        implements AutoCloseable {
    /** The configuration of a Quarkus application that uses this database. */
    public Map<String, String> properties() {
        return PortalDatabase.properties(application);
    }

    /** Runs statements as the owner, as somebody does who types SQL by hand. */
    public void execute(String sql) {
        try (Connection connection = owner.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        String name = application.jdbcUrl().substring(application.jdbcUrl().lastIndexOf('/') + 1);
        try (Connection connection = superuser.database("postgres").connect();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
