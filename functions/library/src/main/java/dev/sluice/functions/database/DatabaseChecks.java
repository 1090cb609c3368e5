package dev.sluice.functions.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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

    /** What the application's role may do although the triggers' word stands only while it may not. */
    private static final String PRIVILEGES = """
            SELECT pg_has_role(current_user, d.datdba, 'MEMBER') OR EXISTS (
                       SELECT FROM pg_class c
                       WHERE c.relnamespace = to_regnamespace('public') AND pg_has_role(current_user, c.relowner, 'MEMBER'))
                   OR EXISTS (
                       SELECT FROM pg_roles r WHERE r.rolname = ? AND pg_has_role(current_user, r.oid, 'MEMBER')) AS owns,
                   has_database_privilege(current_user, d.oid, 'TEMPORARY') AS temporary,
                   coalesce(has_schema_privilege(current_user, to_regnamespace('public'), 'CREATE'), false) AS creates,
                   (SELECT r.rolbypassrls FROM pg_roles r WHERE r.rolname = current_user) AS passes,
                   quote_ident(d.datname) AS database, quote_ident(current_user) AS role
            FROM pg_database d WHERE d.datname = current_database()
            """;

    private static final String OWNS = """
            SELECT coalesce(
                (SELECT pg_has_role(current_user, c.relowner, 'MEMBER') FROM pg_class c WHERE c.oid = to_regclass('public.account')),
                has_schema_privilege(current_user, 'public', 'CREATE')) AS owns
            """;

    private DatabaseChecks() {}

    /**
     * What is wrong, one sentence each; empty when the database can be used.
     *
     * @param owner the role that migrates, where it is known; if it is another one than the application's, that must not
     *     be able to switch triggers off or lead them astray
     */
    static List<String> violations(DatabaseAddress application, Optional<String> owner) throws SQLException {
        List<String> wrong = new ArrayList<>();
        try (Connection connection = application.connect()) {
            boolean superuser = settings(connection, wrong);
            if (owner.isPresent() && owner.get().equals(application.user())) {
                return wrong;
            }
            if (superuser) {
                wrong.add("The application's role is a superuser, which can switch off the triggers that end access."
                        + " Use a role without that: ALTER ROLE … NOSUPERUSER.");
            } else {
                privileges(connection, owner.orElse(""), wrong);
            }
        }
        return wrong;
    }

    /** Whether this role owns the portal's tables, or would by making them. */
    static boolean ownsTables(DatabaseAddress role) throws SQLException {
        try (Connection connection = role.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(OWNS)) {
            row.next();
            return row.getBoolean("owns");
        }
    }

    /** Says whether the role is a superuser. */
    private static boolean settings(Connection connection, List<String> wrong) throws SQLException {
        try (Statement statement = connection.createStatement();
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
            return row.getString("superuser").equals("on");
        }
    }

    private static void privileges(Connection connection, String owner, List<String> wrong) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PRIVILEGES)) {
            statement.setString(1, owner);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                String role = row.getString("role");
                if (row.getBoolean("owns")) {
                    wrong.add("The application's role " + role + " owns the database or its tables, or is a member of"
                            + " the role that does, and can switch off the triggers that end access. Use a role of its"
                            + " own: REVOKE … FROM " + role + ".");
                    return;
                }
                if (row.getBoolean("passes")) {
                    wrong.add(
                            "The application's role sees the rows of all accounts at once. Take that away: ALTER ROLE "
                                    + role + " NOBYPASSRLS.");
                }
                if (row.getBoolean("temporary")) {
                    wrong.add("The application's role may make temporary tables, which come before the portal's. Take"
                            + " that away: REVOKE TEMPORARY ON DATABASE " + row.getString("database") + " FROM PUBLIC, "
                            + role + ".");
                }
                if (row.getBoolean("creates")) {
                    wrong.add("The application's role may put objects beside the portal's. Take that away:"
                            + " REVOKE CREATE ON SCHEMA public FROM PUBLIC, " + role + ".");
                }
            }
        }
    }

    private static void require(List<String> wrong, String setting, String value, String expected) {
        if (!value.equals(expected)) {
            wrong.add("'" + setting + "' is '" + value + "' and must be '" + expected
                    + "'. Set it in postgresql.conf, and see that neither the role nor the database overrides it.");
        }
    }
}
