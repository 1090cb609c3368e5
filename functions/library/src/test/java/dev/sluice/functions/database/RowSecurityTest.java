package dev.sluice.functions.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.functions.sql.Acting;
import dev.sluice.functions.sql.DatabaseFailure;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.Pool;
import dev.sluice.functions.testing.World;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the application's role sees and does: the rows of the account that its transaction names, and of no other. */
@ExtendWith(DatabaseExtension.class)
class RowSecurityTest {
    private final TestDatabase database;
    private final Transactions transactions;
    /** What the application's role may not change. */
    private static final Set<String> READ_ONLY = Set.of("audit_entry", "activity");

    private World ours;
    private World theirs;

    RowSecurityTest(TestDatabase database) {
        this.database = database;
        transactions = Pool.transactions(database.application());
    }

    @BeforeEach
    void worlds() {
        ours = new World(database);
        theirs = new World(database);
        for (var world : List.of(ours, theirs)) {
            world.authorize();
            database.execute("INSERT INTO activity VALUES ('" + world.accountId + "', now(), 1, 0, 0)");
            world.execute(
                    "INSERT INTO stream_hold (account_id, device_id) VALUES (?, ?)",
                    world.accountId,
                    UUID.randomUUID());
            world.execute(
                    "INSERT INTO candidate (account_id, device_id, peer_id, removed, candidates)"
                            + " VALUES (?, ?, ?, false, '{}')",
                    world.accountId,
                    world.client.id(),
                    world.gateway.id());
            world.execute(
                    "INSERT INTO idempotency_key (account_id, key, request) VALUES (?, 'key', 'request')",
                    world.accountId);
            world.execute(
                    "INSERT INTO subscription (account_id, customer_id) VALUES (?, ?::text)",
                    world.accountId,
                    "cus_" + world.accountId);
            UUID directory = UUID.randomUUID();
            world.execute(
                    "INSERT INTO directory (id, account_id, name, name_key, type) VALUES (?, ?, 'D', 'd', 'scim')",
                    directory,
                    world.accountId);
            world.execute(
                    "INSERT INTO directory_user (id, account_id, directory_id, user_name, user_key, active, resource)"
                            + " VALUES (?, ?, ?, 'u', 'u', true, '{}')",
                    world.actorId,
                    world.accountId,
                    directory);
            world.execute(
                    "INSERT INTO directory_group (id, account_id, directory_id, display_name, display_key, resource)"
                            + " VALUES (?, ?, ?, 'g', 'g', '{}')",
                    world.groupId,
                    world.accountId,
                    directory);
            world.execute(
                    "INSERT INTO directory_run (id, account_id, directory_id) VALUES (gen_random_uuid(), ?, ?)",
                    world.accountId,
                    directory);
            world.execute(
                    "INSERT INTO directory_held (account_id, directory_id, kind, actor_id) VALUES (?, ?, 'user', ?)",
                    world.accountId,
                    directory,
                    world.actorId);
            world.execute(
                    "INSERT INTO directory_progress (account_id, directory_id, part) VALUES (?, ?, 'users')",
                    world.accountId,
                    directory);
            world.execute(
                    "INSERT INTO staged_user (account_id, directory_id, read_at, external_id, user_name, name, active, resource)"
                            + " VALUES (?, ?, now(), 'u', 'u', 'u', true, '{}')",
                    world.accountId,
                    directory);
            world.execute(
                    "INSERT INTO staged_group (account_id, directory_id, external_id, name) VALUES (?, ?, 'g', 'g')",
                    world.accountId,
                    directory);
            world.execute(
                    "INSERT INTO outbound_mail (account_id, topic, subject, body) VALUES (?, 't', 's', 'b')",
                    world.accountId);
            world.execute(
                    "INSERT INTO staged_member (account_id, directory_id, group_external_id, user_external_id)"
                            + " VALUES (?, ?, 'g', 'u')",
                    world.accountId,
                    directory);
            world.execute(
                    "INSERT INTO identity (id, account_id, provider_id, actor_id, subject)"
                            + " SELECT gen_random_uuid(), account_id, id, ?, 'sub' FROM identity_provider WHERE account_id = ?",
                    world.actorId,
                    world.accountId);
            world.execute(
                    "INSERT INTO pushed_connection (id, account_id, address, device_id, role, token_id, secret_id, own, dialect)"
                            + " SELECT instance_id, account_id, account_id, device_id, role, token_id, secret_id, own, 'V1'"
                            + " FROM channel WHERE account_id = ?",
                    world.accountId);
            world.execute(
                    "INSERT INTO policy_test (id, account_id, name, actor_id, resource_id, can_reach, verified)"
                            + " VALUES (gen_random_uuid(), ?, 'test', ?, ?, true, false)",
                    world.accountId,
                    world.actorId,
                    world.resourceId);
        }
    }

    /** A table that is added says itself whose rows it shows. */
    @Test
    void shouldHoldForEveryTableOfAccounts() throws SQLException {
        var owned = asOwner("""
                SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'account_id'
                WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
                    AND NOT c.relispartition -- for which nobody but the owner has a right
                ORDER BY 1
                """);

        assertThat(asOwner(
                        "SELECT tablename FROM pg_policies WHERE policyname = 'of_account' AND tablename <> 'account'"
                                + " ORDER BY 1"))
                .isEqualTo(owned)
                .hasSize(35);
        assertThat(asOwner("""
                SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace
                    AND relname <> 'account' ORDER BY 1
                """)).isEqualTo(owned);
        // Whoever looks through a view sees no more than in the tables, but for what is made to cross accounts.
        assertThat(asOwner("""
                SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm')
                    AND NOT coalesce('security_invoker=true' = ANY (reloptions), false)
                """)).containsExactly("any_account");
    }

    @Test
    void shouldShowAndChangeNothingOfAnotherAccount() throws SQLException {
        for (var table : tables()) {
            var key = table.equals("account") ? "id" : "account_id";
            var count = "SELECT count(*) AS count FROM " + table + " WHERE " + key + " = ?";
            assertThat(ours.count(count, ours.accountId)).as(table).isPositive();
            assertThat(ours.count(count, theirs.accountId)).as(table).isZero();
            assertThat(ours.count("SELECT count(*) AS count FROM " + table))
                    .as(table)
                    .isEqualTo(ours.count(count, ours.accountId));
            if (!READ_ONLY.contains(table)) {
                var changed = transactions
                        .inAccount(ours.accountId)
                        .<Integer>call(transaction -> transaction.update(
                                "UPDATE " + table + " SET " + key + " = " + key + " WHERE " + key + " = ?",
                                theirs.accountId));
                assertThat(changed).as(table).isZero();
            }
        }
        assertThatThrownBy(() ->
                        ours.execute("INSERT INTO site (account_id, name) VALUES (?, 'Smuggled')", theirs.accountId))
                .isInstanceOf(DatabaseFailure.class)
                .hasMessageContaining("row-level security");
        assertThatThrownBy(() -> ours.execute("UPDATE site SET account_id = ?", theirs.accountId))
                .hasMessageContaining("row-level security");
    }

    @Test
    void shouldShowNothingWhereNoAccountIsNamed() throws SQLException {
        for (var table : tables()) {
            assertThat(transactions
                            .ofPortal()
                            .<Long>call(transaction -> transaction.one(
                                    "SELECT count(*) AS count FROM " + table, row -> row.number("count"))))
                    .as(table)
                    .isZero();
        }
        assertThatThrownBy(() -> transactions
                        .ofPortal()
                        .run(transaction -> transaction.update(
                                "INSERT INTO site (account_id, name) VALUES (?, 'Nobody''s')", ours.accountId)))
                .hasMessageContaining("row-level security");
    }

    /** However a transaction was run on a connection, nothing of its account remains there. */
    @Test
    void shouldLeaveNoAccountOnAnyConnectionOfThePool() throws SQLException {
        var source = Pool.source(database.application());
        for (int use = 0; use < 4 * Pool.CONNECTIONS; use++) {
            var scope = transactions.inAccount(use % 2 == 0 ? ours.accountId : theirs.accountId);
            scope.call(RowSecurityTest::sites);
            scope.glance(RowSecurityTest::sites);
            scope.read(RowSecurityTest::sites);
            scope.search(RowSecurityTest::sites);
            scope.callImpatiently(RowSecurityTest::sites);
            scope.attempt(RowSecurityTest::sites);
        }

        var all = new ArrayList<Connection>();
        try {
            for (int n = 0; n < Pool.CONNECTIONS; n++) {
                var connection = source.getConnection();
                all.add(connection);
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery("SELECT count(*) FROM site")) {
                    row.next();
                    assertThat(row.getLong(1)).isZero();
                }
            }
        } finally {
            for (var connection : all) {
                connection.close();
            }
        }
    }

    @Test
    void shouldSayTheAccountInEveryKindOfTransaction() {
        var scope = transactions.inAccount(ours.accountId);
        var expected = scope.<Long>call(RowSecurityTest::sites);

        assertThat(expected).isEqualTo(2);
        assertThat(scope.<Long>glance(RowSecurityTest::sites)).isEqualTo(expected);
        assertThat(scope.<Long>glance(transaction -> sites(transaction) + sites(transaction)))
                .isEqualTo(2 * expected);
        assertThat(scope.<Long>read(RowSecurityTest::sites)).isEqualTo(expected);
        assertThat(scope.<Long>search(RowSecurityTest::sites)).isEqualTo(expected);
        assertThat(scope.<Long>callImpatiently(RowSecurityTest::sites)).isEqualTo(expected);
        assertThat(scope.<Long>attempt(RowSecurityTest::sites)).isEqualTo(expected);
    }

    /** Whatever a service is told: a request works in its own account. */
    @Test
    void shouldRefuseARequestOfOneAccountInAnother() {
        ScopedValue.where(Acting.CURRENT, new Acting(ours.accountId, "somebody", "request-1"))
                .run(() -> {
                    assertThat(transactions.inAccount(ours.accountId).<Long>call(RowSecurityTest::sites))
                            .isEqualTo(2);
                    assertThatThrownBy(() ->
                                    transactions.inAccount(theirs.accountId).call(RowSecurityTest::sites))
                            .isInstanceOf(IllegalStateException.class);
                    assertThatThrownBy(() ->
                                    transactions.inAccount(theirs.accountId).glance(RowSecurityTest::sites))
                            .isInstanceOf(IllegalStateException.class);
                });
    }

    /** These run with the owner's rights: what is added to them crosses accounts. */
    @Test
    void shouldCrossAccountsByTheseFunctionsAlone() throws SQLException {
        assertThat(asOwner("""
                SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef ORDER BY 1
                """))
                .containsExactly(
                        "account_of_customer",
                        "accounts_billed",
                        "accounts_over",
                        "accounts_to_provision",
                        "accounts_with_expired_tokens",
                        "audit_denial",
                        "claim_pushed_connections",
                        "clear_channels",
                        "clear_dead_instances",
                        "clear_instance",
                        "devices_waiting",
                        "directories_due",
                        "directory_of_source",
                        "end_expired",
                        "end_unanswered",
                        "fences_of",
                        "forget_delivered",
                        "forget_idempotency_keys",
                        "forget_mails",
                        "handed",
                        "mails_due",
                        "next_expiry",
                        "portal_figures",
                        "promises",
                        "pushed_connection_at",
                        "pushed_connections_over",
                        "record_activity",
                        "restored",
                        "rotate_audit");
        assertThat(asOwner("""
                SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef
                    AND (NOT coalesce('search_path=public, pg_temp' = ANY (proconfig), false)
                         OR has_function_privilege('public', oid, 'EXECUTE'))
                """)).isEmpty();
    }

    private static long sites(Transaction transaction) {
        return transaction.one("SELECT count(*) AS count FROM site", row -> row.number("count"));
    }

    private List<String> tables() throws SQLException {
        return asOwner("SELECT tablename FROM pg_policies WHERE policyname = 'of_account' ORDER BY 1");
    }

    private List<String> asOwner(String sql) throws SQLException {
        try (Connection connection = database.owner().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            var texts = new ArrayList<String>();
            while (row.next()) {
                texts.add(row.getString(1));
            }
            return texts;
        }
    }
}
