package dev.sluice.benchmarks;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A company in the development data's account: people, each called {@code Person} and a number. */
final class ManyActors {
    private ManyActors() {}

    /**
     * As the superuser, without triggers: nobody reads what the audit would say of it.
     *
     * @return the account
     */
    static UUID plant(Connection connection, int actors) throws SQLException {
        UUID account = account(connection);
        try (Statement planting = connection.createStatement()) {
            planting.execute("SET session_replication_role = replica");
            planting.execute(
                    "INSERT INTO actor (id, account_id, type, name, name_key, email) SELECT gen_random_uuid(), '"
                            + account
                            + "', 'user', 'Person ' || n, 'person ' || n, 'person-' || n || '@example.com'"
                            + " FROM generate_series(1, "
                            + actors
                            + ") AS n");
            planting.execute("SET session_replication_role = origin");
            planting.execute("VACUUM ANALYZE actor");
        }
        return account;
    }

    private static UUID account(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(
                        "SELECT id FROM account WHERE slug = '" + PortalUnderTest.ACCOUNT + "'")) {
            found.next();
            return found.getObject(1, UUID.class);
        }
    }

    /** Of all of them, in their order. */
    static List<UUID> ids(Connection connection, UUID account) throws SQLException {
        List<UUID> ids = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet all = statement.executeQuery("SELECT id FROM actor WHERE account_id = '" + account
                        + "' AND name LIKE 'Person %' ORDER BY id")) {
            while (all.next()) {
                ids.add(all.getObject(1, UUID.class));
            }
        }
        return ids;
    }
}
