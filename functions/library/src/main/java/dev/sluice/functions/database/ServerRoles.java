package dev.sluice.functions.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The embedded server's two roles and its database, created where they are missing. */
final class ServerRoles {
    private static final String INVALID_PASSWORD = "28P01";

    private ServerRoles() {}

    static void ensure(DatabaseAddress superuser, ServerCredentials credentials) {
        try (Connection connection = superuser.connect()) {
            role(connection, EmbeddedServer.OWNER, credentials.owner());
            role(connection, EmbeddedServer.APPLICATION, credentials.application());
            if (!exists(connection, "SELECT 1 FROM pg_database WHERE datname = ?", EmbeddedServer.DATABASE)) {
                create(connection, EmbeddedServer.DATABASE, "template0");
            }
            // After a crash between the two statements of the creation.
            restrict(connection, EmbeddedServer.DATABASE);
        } catch (SQLException e) {
            if (INVALID_PASSWORD.equals(e.getSQLState())) {
                throw new DatabaseException(
                        "The embedded PostgreSQL does not accept the passwords in its file 'credentials'."
                                + " Restore the file that belongs to this data directory.",
                        e);
            }
            throw new DatabaseException("The embedded PostgreSQL cannot be prepared: " + e.getMessage(), e);
        }
    }

    /** Creates a database that belongs to the owner and that only the two roles may connect to. */
    static void create(Connection superuser, String database, String template) throws SQLException {
        execute(superuser, "CREATE DATABASE " + database + " OWNER " + EmbeddedServer.OWNER + " TEMPLATE " + template);
        restrict(superuser, database);
    }

    private static void restrict(Connection superuser, String database) throws SQLException {
        execute(superuser, "REVOKE ALL ON DATABASE " + database + " FROM PUBLIC");
        execute(superuser, "GRANT CONNECT ON DATABASE " + database + " TO " + EmbeddedServer.APPLICATION);
    }

    private static void role(Connection connection, String name, String password) throws SQLException {
        if (!exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = ?", name)) {
            // Generated passwords hold no quotes (base64url).
            execute(
                    connection,
                    "CREATE ROLE " + name + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD '"
                            + password + "'");
        }
    }

    private static boolean exists(Connection connection, String query, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (ResultSet result = statement.executeQuery()) {
                return result.next();
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
