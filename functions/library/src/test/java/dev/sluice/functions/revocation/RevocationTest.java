package dev.sluice.functions.revocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.channel.Reason;
import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.flow.Decision;
import dev.sluice.functions.sql.DatabaseFailure;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.testing.Pool;
import dev.sluice.functions.testing.Session;
import dev.sluice.functions.testing.World;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

@ExtendWith(DatabaseExtension.class)
class RevocationTest {
    /** What somebody may type, and what it ends access as. */
    enum Cause {
        POLICY_DISABLED("UPDATE policy SET disabled_at = now() WHERE id = :policy", Reason.POLICY_DISABLED),
        POLICY_DELETED("DELETE FROM policy WHERE id = :policy", Reason.POLICY_DELETED),
        CONDITION_CHANGED(
                "UPDATE policy SET conditions = '[{\"property\":\"client_verified\",\"operator\":\"is\",\"values\":[\"true\"]}]'"
                        + " WHERE id = :policy",
                Reason.CONDITION_CHANGED),
        MEMBERSHIP_REMOVED("DELETE FROM membership WHERE actor_id = :actor", Reason.MEMBERSHIP_REMOVED),
        GROUP_DELETED("DELETE FROM actor_group WHERE id = :group", Reason.POLICY_DELETED),
        TOKEN_DELETED("DELETE FROM token WHERE id = :token", Reason.TOKEN_DELETED),
        TOKEN_WITH_ANOTHER_SECRET(
                "UPDATE token_secret SET hash = 'another' WHERE token_id = :token", Reason.TOKEN_DELETED),
        SECRET_WITHDRAWN("DELETE FROM token_secret WHERE token_id = :token", Reason.TOKEN_DELETED),
        RESOURCE_CHANGED("UPDATE resource SET address = '10.9.0.0/16' WHERE id = :resource", Reason.RESOURCE_CHANGED),
        RESOURCE_DELETED("DELETE FROM resource WHERE id = :resource", Reason.RESOURCE_DELETED),
        SITE_REMOVED("DELETE FROM resource_site WHERE resource_id = :resource", Reason.SITE_REMOVED),
        SITE_DELETED("DELETE FROM site WHERE id = :site", Reason.SITE_REMOVED),
        GATEWAY_DELETED("DELETE FROM gateway WHERE id = :gateway", Reason.GATEWAY_OFFLINE),
        CLIENT_DELETED("DELETE FROM client WHERE id = :client", Reason.CLIENT_DELETED),
        ACTOR_DISABLED("UPDATE actor SET disabled_at = now() WHERE id = :actor", Reason.ACTOR_DISABLED),
        ACTOR_DELETED("DELETE FROM actor WHERE id = :actor", Reason.ACTOR_DISABLED),
        ACCOUNT_DISABLED("UPDATE account SET disabled_at = now() WHERE id = :account", Reason.ACCOUNT_DISABLED);

        private final String sql;
        private final Reason reason;

        Cause(String sql, Reason reason) {
            this.sql = sql;
            this.reason = reason;
        }

        String sql(World world) {
            return sql.replace(":policy", "'" + world.policyId + "'")
                    .replace(":actor", "'" + world.actorId + "'")
                    .replace(":group", "'" + world.groupId + "'")
                    .replace(":token", "'" + world.clientToken.id() + "'")
                    .replace(":resource", "'" + world.resourceId + "'")
                    .replace(":site", "'" + world.siteId + "'")
                    .replace(":gateway", "'" + world.gateway.id() + "'")
                    .replace(":client", "'" + world.client.id() + "'")
                    .replace(":account", "'" + world.accountId + "'");
        }
    }

    private static final int PATIENCE_MILLIS = 5000;

    private TestDatabase database;
    private World world;

    @BeforeEach
    void world(TestDatabase database) {
        this.database = database;
        world = new World(database);
    }

    @ParameterizedTest
    @EnumSource
    void shouldEndTheFlowWithItsCauseWhoeverTypesIt(Cause cause) {
        var granted = world.authorize();

        database.execute(cause.sql(world));

        assertThat(world.flowCount()).isZero();
        assertThat(world.texts(
                        "SELECT reason AS v FROM audit_entry WHERE flow_id = ? AND action = 'flow_ended'",
                        granted.flowId()))
                .containsExactly(cause.reason.code());
        assertThat(world.outbox(world.gateway)).contains("reject_access " + cause.reason.code());
        assertThat(world.count(
                        "SELECT count(*) FROM outbox WHERE device_id = ? AND kind = 'reject_access' AND generation > ?",
                        world.gateway.id(),
                        granted.generation()))
                .isOne();
    }

    /** As directories do, which write all that they know again and again. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "actor",
                "actor_group",
                "client",
                "gateway",
                "membership",
                "policy",
                "resource",
                "resource_site",
                "site",
                "token"
            })
    void shouldTakeAnUpdateThatChangesNothingForNoCause(String table) {
        world.authorize();
        var toGateway = world.outbox(world.gateway);
        var toClient = world.outbox(world.client);
        long audited = world.count("SELECT count(*) FROM audit_entry WHERE account_id = ?", world.accountId);

        database.execute("UPDATE " + table + " SET account_id = account_id");

        assertThat(world.flowCount()).isOne();
        assertThat(world.outbox(world.gateway)).isEqualTo(toGateway);
        assertThat(world.outbox(world.client)).isEqualTo(toClient);
        assertThat(world.count("SELECT count(*) FROM audit_entry WHERE account_id = ?", world.accountId))
                .isEqualTo(audited);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE membership SET group_id = '%s' WHERE actor_id = :actor",
                "UPDATE resource_site SET site_id = '%s' WHERE resource_id = :resource"
            })
    void shouldEndAccessWhenWhatConnectsTwoLeadsElsewhere(String change) {
        world.authorize();
        var elsewhere = Ids.next();
        database.execute(
                change.contains("group_id")
                        ? "INSERT INTO actor_group (id, account_id, name, type) VALUES ('%s', '%s', 'Other', 'static')"
                                .formatted(elsewhere, world.accountId)
                        : "INSERT INTO site (id, account_id, name) VALUES ('%s', '%s', 'Other')"
                                .formatted(elsewhere, world.accountId));

        database.execute(change.formatted(elsewhere)
                .replace(":actor", "'" + world.actorId + "'")
                .replace(":resource", "'" + world.resourceId + "'"));

        assertThat(world.flowCount()).isZero();
        assertThat(world.outbox(world.gateway)).last().asString().startsWith("reject_access");
    }

    @Test
    void shouldCloseTheSocketOfATokenThatGotAnotherSecret() {
        world.online(world.client);

        database.execute("UPDATE token_secret SET hash = 'another' WHERE token_id = '" + world.clientToken.id() + "'");

        assertThat(world.outbox(world.client)).containsExactly("disconnect token_deleted");
    }

    /**
     * The decision has read what it rests on, and its write is held up by another row of its key. Whoever now takes away what
     * it has read must wait for it, and then finds its flow.
     */
    @ParameterizedTest
    @EnumSource
    void shouldEndAGrantThatWasDecidedBeforeAndWrittenAfter(Cause cause) throws Exception {
        try (var other = new Session(database)) {
            holdUpTheFlow(other);
            var decided = other.start(1, () -> world.decisions.decide(world.ask()));
            var revoked = other.start(2, () -> {
                database.execute(cause.sql(world));
                return true;
            });
            other.rollback();

            assertThat(Session.result(decided)).isInstanceOf(Decision.Granted.class);
            assertThat(Session.result(revoked)).isTrue();
        }
        assertThat(world.flowCount()).isZero();
        assertThat(world.outbox(world.gateway)).contains("reject_access " + cause.reason.code());
    }

    @Test
    void shouldEndAGrantThatWasDecidedForWhereTheClientWas() throws Exception {
        world.policies.delete(world.accountId, world.policyId);
        world.policyFor(world.resourceId, "remote_ip is_in_cidr 203.0.113.0/24");
        try (var other = new Session(database)) {
            holdUpTheFlow(other);
            var decided = other.start(1, () -> world.decisions.decide(world.ask()));
            var moved = other.start(2, () -> {
                world.reconnect("198.51.100.1");
                return true;
            });
            other.rollback();

            assertThat(Session.result(decided)).isInstanceOf(Decision.Granted.class);
            assertThat(Session.result(moved)).isTrue();
        }
        assertThat(world.flowCount()).isZero();
        assertThat(world.outbox(world.gateway)).endsWith("reject_access condition");
    }

    /** Until the session ends, a decision can read all that it rests on, but not write its flow. */
    private void holdUpTheFlow(Session session) throws Exception {
        session.execute("""
                INSERT INTO flow (account_id, client_id, resource_id, gateway_id, policy_id, token_id, secret_id,
                                  generation, state, expires_at, client_public_key, gateway_public_key,
                                  client_user_agent)
                SELECT '%1$s', '%2$s', '%3$s', '%4$s', id, '%5$s', '%6$s', 0, 'authorized', now(), '', '', ''
                FROM policy WHERE account_id = '%1$s' AND resource_id = '%3$s'
                """.formatted(
                        world.accountId,
                        world.client.id(),
                        world.resourceId,
                        world.gateway.id(),
                        world.client.credential().tokenId(),
                        world.client.credential().secretId()));
    }

    @ParameterizedTest
    @EnumSource
    void shouldWakeTheInstancesWhoeverTypesIt(Cause cause) throws Exception {
        world.authorize();

        assertThat(calls(cause.sql(world))).isPositive();
    }

    @Test
    void shouldWakeTheInstancesForAFlowThatIsDeletedByHand() throws Exception {
        var granted = world.authorize();

        assertThat(calls("DELETE FROM flow WHERE id = '" + granted.flowId() + "'"))
                .isPositive();
    }

    /** How many calls to look into the outbox come with the commit. */
    private int calls(String sql) throws SQLException {
        try (var connection = Pool.source(database.application()).getConnection();
                var statement = connection.createStatement()) {
            statement.execute("LISTEN sluice_outbox");
            try {
                database.execute(sql);
                var heard = connection.unwrap(PGConnection.class).getNotifications(PATIENCE_MILLIS);
                return heard == null ? 0 : heard.length;
            } finally {
                statement.execute("UNLISTEN sluice_outbox");
            }
        }
    }

    /** The other way round: what is under way is waited for, and the decision sees what it leaves. */
    @ParameterizedTest
    @EnumSource
    void shouldDecideByWhatARevocationUnderWayLeaves(Cause cause) throws Exception {
        world.online(world.client);
        try (var other = new Session(database)) {
            other.execute(cause.sql(world));
            var decided = other.start(1, () -> world.decisions.decide(world.ask()));
            assertThat(decided).isNotDone();
            other.commit();

            boolean granted = Session.result(decided) instanceof Decision.Granted;
            assertThat(granted).as("what was changed can be asked for anew").isEqualTo(cause == Cause.RESOURCE_CHANGED);
            assertThat(world.flowCount()).isEqualTo(granted ? 1 : 0);
        }
    }

    @Test
    void shouldEndFlowsBySqlThatTruncates() {
        for (var table : List.of("flow", "policy", "membership", "resource_site", "token", "token_secret")) {
            world = new World(world.transactions);
            var granted = world.authorize();
            database.execute("TRUNCATE " + table + " CASCADE");
            assertThat(world.flowCount()).as(table).isZero();
            assertThat(world.texts(
                            "SELECT reason AS v FROM audit_entry WHERE flow_id = ? AND action = 'flow_ended'",
                            granted.flowId()))
                    .as(table)
                    .hasSize(1);
            assertThat(world.outbox(world.gateway)).as(table).anyMatch(line -> line.startsWith("reject_access"));
        }
    }

    @Test
    void shouldRefuseAnIsolationThatWouldMissAFlow() {
        assertThatThrownBy(() -> database.execute(
                        "BEGIN ISOLATION LEVEL REPEATABLE READ;" + Cause.POLICY_DISABLED.sql(world) + "; COMMIT"))
                .hasStackTraceContaining("READ COMMITTED");
        assertThat((boolean) world.one(
                        "SELECT disabled_at IS NULL AS v FROM policy WHERE id = ?",
                        row -> row.flag("v"),
                        world.policyId))
                .isTrue();
    }

    @Test
    void shouldNotLetTheApplicationSwitchTheTriggersOff() {
        for (var sql : List.of(
                "ALTER TABLE policy DISABLE TRIGGER ALL",
                "SET session_replication_role = replica",
                "TRUNCATE flow",
                "DELETE FROM audit_entry",
                "DELETE FROM audit_entry_first",
                "DROP TABLE audit_entry_first",
                "UPDATE audit_entry SET reason = NULL")) {
            assertThatThrownBy(() -> world.execute(sql)).as(sql).isInstanceOf(DatabaseFailure.class);
        }
    }

    @Test
    void shouldCloseTheSocketOfADeletedToken() {
        world.online(world.client);
        world.tokens.delete(world.accountId, world.clientToken.id());
        assertThat(world.outbox(world.client)).contains("disconnect token_deleted");
    }

    @Test
    void shouldNotLetAConfirmationFollowARevocation() {
        var granted = world.grant();
        var ref = world.ref(granted.flowId());
        world.policies.disable(world.accountId, world.policyId);

        assertThat(world.confirm(world.accountId, world.gateway.id(), ref)).isFalse();
        assertThat(world.outbox(world.client)).doesNotContain("flow_created");
    }

    @Test
    void shouldTellWhoMayReachAResourceThatAPolicyChanged() {
        world.policies.disable(world.accountId, world.policyId);
        assertThat(world.outbox(world.client)).endsWith("resource policy_disabled");
        world.policies.enable(world.accountId, world.policyId);
        assertThat(world.outbox(world.client)).endsWith("resource");
    }

    @Test
    void shouldTellGatewaysNewFiltersAndKeepTheGrant() {
        world.authorize();
        world.setFilters(world.resourceId, "tcp:80-90");
        assertThat(world.flowCount()).isOne();
        assertThat(world.outbox(world.gateway)).endsWith("resource_filters");
    }

    @Test
    void shouldEndThousandsOfFlowsInOneStatement() {
        world.authorize();
        database.execute("""
                INSERT INTO client (account_id, actor_id, external_id, name, public_key, psk_base, ipv4, ipv6,
                                    last_seen_version, last_seen_user_agent)
                SELECT account_id, actor_id, 'many-' || n, name, public_key, psk_base, ipv4, ipv6, last_seen_version,
                       last_seen_user_agent
                FROM client, generate_series(1, 5000) n WHERE id = '%s';
                INSERT INTO flow (account_id, client_id, resource_id, gateway_id, policy_id, token_id, secret_id, membership_id,
                                  generation, state, expires_at, client_public_key, gateway_public_key,
                                  client_user_agent)
                SELECT f.account_id, c.id, f.resource_id, f.gateway_id, f.policy_id, f.token_id, f.secret_id, f.membership_id,
                       nextval('flow_generation'), 'authorized', f.expires_at, f.client_public_key,
                       f.gateway_public_key, f.client_user_agent
                FROM flow f JOIN client c ON c.external_id LIKE 'many-%%' AND c.account_id = f.account_id
                WHERE f.client_id = '%s'
                """.formatted(world.client.id(), world.client.id()));
        world.policies.disable(world.accountId, world.policyId);
        assertThat(world.flowCount()).isZero();
        assertThat(world.count(
                        "SELECT count(*) FROM outbox WHERE device_id = ? AND kind = 'reject_access'",
                        world.gateway.id()))
                .isEqualTo(5001);
    }
}
