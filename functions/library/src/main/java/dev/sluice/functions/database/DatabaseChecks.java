package dev.sluice.functions.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What must hold of a server before the portal works on it: the guarantees of a decision rest on these. */
final class DatabaseChecks {
    private static final int OLDEST_VERSION = 15;

    private static final String QUERY = """
            SELECT current_setting('server_version_num')::int / 10000 AS version,
                   current_setting('fsync') AS fsync,
                   current_setting('full_page_writes') AS full_page_writes,
                   current_setting('synchronous_commit') AS synchronous_commit,
                   current_setting('default_transaction_isolation') AS isolation,
                   pg_is_in_recovery() AS standby,
                   current_setting('is_superuser') AS superuser
            """;

    private DatabaseChecks() {}

    /**
     * What is wrong, one sentence each; empty when the database can be used.
     *
     * @param twoRoles that another role owns the tables, so that this one must not be able to switch triggers off
     */
    static List<String> violations(DatabaseAddress application, boolean twoRoles) throws SQLException {
        List<String> wrong = new ArrayList<>();
        try (Connection connection = application.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(QUERY)) {
            row.next();
            int version = row.getInt("version");
            if (version < OLDEST_VERSION) {
                wrong.add("The server is PostgreSQL " + version + "; " + OLDEST_VERSION + " or newer is needed.");
            }
            require(wrong, "fsync", row.getString("fsync"), "on");
            require(wrong, "full_page_writes", row.getString("full_page_writes"), "on");
            if (row.getString("synchronous_commit").equals("off")) {
                require(wrong, "synchronous_commit", "off", "on");
            }
            require(wrong, "default_transaction_isolation", row.getString("isolation"), "read committed");
            if (row.getBoolean("standby")) {
                wrong.add("The server is a standby and accepts no writes. Use the address of the primary.");
            }
            if (twoRoles && row.getString("superuser").equals("on")) {
                wrong.add("The application's role is a superuser, which can switch off the triggers that end access."
                        + " Use a role without that: ALTER ROLE … NOSUPERUSER.");
            }
        }
        return wrong;
    }

    private static void require(List<String> wrong, String setting, String value, String expected) {
        if (!value.equals(expected)) {
            wrong.add("'" + setting + "' is '" + value + "' and must be '" + expected
                    + "'. Set it in postgresql.conf, and see that neither the role nor the database overrides it.");
        }
    }
}
