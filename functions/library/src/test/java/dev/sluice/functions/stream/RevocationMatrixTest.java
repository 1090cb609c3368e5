package dev.sluice.functions.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Frame;
import dev.sluice.channel.FrameCodec;
import dev.sluice.functions.auth.Authentication;
import dev.sluice.functions.auth.TokenType;
import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.device.Admission;
import dev.sluice.functions.device.Device;
import dev.sluice.functions.device.DeviceService;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.flow.Flow;
import dev.sluice.functions.revocation.TimedRevocation;
import dev.sluice.functions.testing.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every cause that ends access, and what comes of it: what client and gateway are told (or find when they come back, where
 * they were away), the rows that are left, and why the audit says so.
 *
 * <p>What is told is the events with their typed reasons; {@code close} is the end of the connection and {@code refused} that
 * of a join. After a return, {@code init n} is a snapshot with so many resources or authorizations.
 */
@ExtendWith(DatabaseExtension.class)
class RevocationMatrixTest {
    /** Cause, rows and reason, what the client and the gateway are told, and what they find when they return. */
    private static final String MATRIX = """
            "policy disabled" | 0 policy_disabled | resource_deleted policy_disabled | reject_access policy_disabled | "init 0, resource_deleted policy_disabled" | "init 0, reject_access policy_disabled"
            "policy deleted" | 0 policy_deleted | resource_deleted policy_deleted | reject_access policy_deleted | "init 0, resource_deleted policy_deleted" | "init 0, reject_access policy_deleted"
            "policy's conditions edited" | 0 condition_changed | resource_deleted condition_changed | reject_access condition_changed | "init 0, resource_deleted condition_changed" | "init 0, reject_access condition_changed"
            "policy of another group" | 0 policy_deleted | resource_deleted policy_deleted | reject_access policy_deleted | "init 0, resource_deleted policy_deleted" | "init 0, reject_access policy_deleted"
            "membership removed" | 0 membership_removed | resource_deleted membership_removed | reject_access membership_removed | "init 0, resource_deleted membership_removed" | "init 0, reject_access membership_removed"
            "group deleted" | 0 policy_deleted | resource_deleted policy_deleted | reject_access policy_deleted | "init 0, resource_deleted policy_deleted" | "init 0, reject_access policy_deleted"
            "client no longer verified" | 0 condition_changed | resource_deleted condition_changed | reject_access condition_changed | "init 0, resource_deleted condition_changed" | "init 0, reject_access condition_changed"
            "client elsewhere" | 0 condition | resource_deleted condition | reject_access condition | "init 1, resource_created_or_updated" | "init 0, reject_access condition"
            "client deleted" | 0 client_deleted | "resource_deleted client_deleted, disconnect client_deleted, close client_deleted" | reject_access client_deleted | init 1 | "init 0, reject_access client_deleted"
            "client's token deleted" | 0 token_deleted | "resource_created_or_updated, disconnect token_deleted, close token_deleted" | reject_access token_deleted | refused token_deleted | "init 0, reject_access token_deleted"
            "client's token has another secret" | 0 token_deleted | "resource_created_or_updated, disconnect token_deleted, close token_deleted" | reject_access token_deleted | refused token_invalid | "init 0, reject_access token_deleted"
            "secret withdrawn" | 0 token_deleted | "resource_created_or_updated, disconnect token_deleted, close token_deleted" | reject_access token_deleted | refused token_invalid | "init 0, reject_access token_deleted"
            "other secret withdrawn" | 1 - | - | - | "init 1, flow_created" | init 1
            "client's token expired" | 0 token_expired | "resource_created_or_updated, disconnect token_expired, close token_expired" | "access_authorization_expiry_updated, reject_access token_expired" | refused token_deleted | "init 0, access_authorization_expiry_updated, reject_access token_expired"
            "actor disabled" | 0 actor_disabled | "resource_deleted actor_disabled, disconnect actor_disabled, close actor_disabled" | reject_access actor_disabled | refused actor_disabled | "init 0, reject_access actor_disabled"
            "actor deleted" | 0 actor_disabled | "resource_deleted actor_disabled, disconnect actor_disabled, close actor_disabled" | reject_access actor_disabled | refused token_deleted | "init 0, reject_access actor_disabled"
            "resource's address changed" | 0 resource_changed | resource_created_or_updated | reject_access resource_changed | "init 1, resource_created_or_updated" | "init 0, reject_access resource_changed"
            "resource's filters changed" | 1 - | resource_created_or_updated | resource_updated | "init 1, flow_created, resource_created_or_updated" | "init 1, resource_updated"
            "resource's name changed" | 1 - | resource_created_or_updated | - | "init 1, flow_created, resource_created_or_updated" | init 1
            "resource deleted" | 0 resource_deleted | resource_deleted resource_deleted | reject_access resource_deleted | "init 0, resource_deleted resource_deleted" | "init 0, reject_access resource_deleted"
            "resource leaves its site" | 0 site_removed | resource_deleted site_removed | reject_access site_removed | "init 0, resource_deleted site_removed" | "init 0, reject_access site_removed"
            "site deleted" | 0 site_removed | resource_deleted site_removed | "reject_access site_removed, close site_removed" | "init 0, resource_deleted site_removed" | refused token_deleted
            "gateway deleted" | 0 gateway_offline | flow_creation_failed gateway_offline | "reject_access gateway_offline, close gateway_offline" | "init 1, flow_creation_failed gateway_offline" | init 0
            "gateway's token deleted" | 1 - | - | "disconnect token_deleted, close token_deleted" | "init 1, flow_created" | refused token_deleted
            "account disabled" | 0 account_disabled | "resource_created_or_updated, close account_disabled" | "reject_access account_disabled, close account_disabled" | refused account_disabled | refused account_disabled
            "flow deleted" | 0 flow_deleted | resource_created_or_updated | reject_access flow_deleted | "init 1, resource_created_or_updated" | "init 0, reject_access flow_deleted"
            "flow expired" | 0 expired | resource_created_or_updated | "access_authorization_expiry_updated, reject_access expired" | "init 1, resource_created_or_updated" | "init 0, access_authorization_expiry_updated, reject_access expired"
            """;

    /** What somebody types. */
    private static final Map<String, String> SQL = Map.ofEntries(
            Map.entry("policy disabled", "UPDATE policy SET disabled_at = now() WHERE id = :policy"),
            Map.entry("policy deleted", "DELETE FROM policy WHERE id = :policy"),
            Map.entry("policy's conditions edited", """
                    UPDATE policy SET conditions =
                        '[{"property":"client_verified","operator":"is","values":["true"]}]' WHERE id = :policy"""),
            Map.entry("policy of another group", """
                    INSERT INTO actor_group (account_id, name, type) VALUES (:account, 'Other', 'static');
                    UPDATE policy SET group_id = (SELECT id FROM actor_group WHERE account_id = :account
                                                  AND name = 'Other') WHERE id = :policy"""),
            Map.entry("membership removed", "DELETE FROM membership WHERE actor_id = :actor"),
            Map.entry("group deleted", "DELETE FROM actor_group WHERE id = :group"),
            Map.entry("client no longer verified", "UPDATE client SET verified_at = NULL WHERE id = :client"),
            Map.entry("client deleted", "DELETE FROM client WHERE id = :client"),
            Map.entry("client's token deleted", "DELETE FROM token WHERE id = :token"),
            Map.entry(
                    "client's token has another secret", "UPDATE token_secret SET hash = 'x' WHERE token_id = :token"),
            Map.entry("secret withdrawn", "DELETE FROM token_secret WHERE token_id = :token AND place = 1"),
            Map.entry("other secret withdrawn", "DELETE FROM token_secret WHERE token_id = :token AND place = 2"),
            Map.entry("client's token expired", "UPDATE token SET expires_at = now() WHERE id = :token"),
            Map.entry("actor disabled", "UPDATE actor SET disabled_at = now() WHERE id = :actor"),
            Map.entry("actor deleted", "DELETE FROM actor WHERE id = :actor"),
            Map.entry("resource's address changed", "UPDATE resource SET address = '10.9.0.0/16' WHERE id = :resource"),
            Map.entry("resource's filters changed", """
                    UPDATE resource SET filters = '{tcp:80}' WHERE id = :resource"""),
            Map.entry("resource's name changed", "UPDATE resource SET name = 'Other' WHERE id = :resource"),
            Map.entry("resource deleted", "DELETE FROM resource WHERE id = :resource"),
            Map.entry("resource leaves its site", "DELETE FROM resource_site WHERE resource_id = :resource"),
            Map.entry("site deleted", "DELETE FROM site WHERE id = :site"),
            Map.entry("gateway deleted", "DELETE FROM gateway WHERE id = :gateway"),
            Map.entry("gateway's token deleted", "DELETE FROM token WHERE id = :server"),
            Map.entry("account disabled", "UPDATE account SET disabled_at = now() WHERE id = :account"),
            Map.entry("flow deleted", "DELETE FROM flow WHERE client_id = :client"),
            Map.entry("flow expired", "UPDATE flow SET expires_at = now() WHERE client_id = :client"));

    private static final String ANOTHER_SECRET =
            "INSERT INTO token_secret (account_id, token_id, place, salt, hash) VALUES (:account, :token, 2, '', '')";

    /** What holds before, where it is not the usual. */
    private static final Map<String, String> BEFORE = Map.of(
            "secret withdrawn",
            ANOTHER_SECRET,
            "other secret withdrawn",
            ANOTHER_SECRET,
            "client no longer verified",
            """
                    UPDATE client SET verified_at = now() WHERE id = :client;
                    UPDATE policy SET conditions =
                        '[{"property":"client_verified","operator":"is","values":["true"]}]' WHERE id = :policy""",
            "client elsewhere",
            """
                    UPDATE policy SET conditions =
                        '[{"property":"remote_ip","operator":"is_in_cidr","values":["203.0.113.0/24"]}]'
                    WHERE id = :policy""");

    /** What the service does, where it does it. */
    private static final Map<String, Consumer<World>> SERVICE = Map.ofEntries(
            Map.entry("client elsewhere", world -> world.reconnect("198.51.100.1")),
            Map.entry("policy disabled", world -> world.policies.disable(world.accountId, world.policyId)),
            Map.entry("policy deleted", world -> world.policies.delete(world.accountId, world.policyId)),
            Map.entry("client's token deleted", world -> world.tokens.delete(world.accountId, world.clientToken.id())),
            Map.entry(
                    "secret withdrawn",
                    world -> world.tokens.withdrawSecret(
                            world.accountId,
                            world.clientToken.id(),
                            world.client.credential().secretId())),
            Map.entry(
                    "gateway's token deleted", world -> world.tokens.delete(world.accountId, world.gatewayToken.id())),
            Map.entry("resource's filters changed", world -> world.setFilters(world.resourceId, "tcp:80")),
            Map.entry("resource deleted", world -> world.deleteResource(world.resourceId)),
            Map.entry(
                    "flow deleted", world -> world.flows.endAll(world.accountId, world.client.id(), world.resourceId)),
            Map.entry(
                    "flow expired",
                    world -> flows(world)
                            .forEach(flow -> world.flows.expire(world.accountId, flow.id(), Duration.ZERO))));

    private static List<Flow> flows(World world) {
        return world.flows
                .page(world.accountId, null, null, null, PageRequest.first(PageRequest.MOST))
                .rows();
    }

    private TestDatabase database;
    private World world;
    private Portal portal;

    @BeforeEach
    void world(TestDatabase database) {
        this.database = database;
        world = new World(database);
        portal = new Portal(world.transactions);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = MATRIX)
    void shouldEndAccessAndSaySo(
            String cause, String rows, String client, String gateway, String clientReturns, String gatewayReturns) {
        var here = String.join(" | ", rows, client, gateway);
        if (SQL.containsKey(cause)) {
            assertThat(here(cause, () -> bySql(cause))).as("by SQL").isEqualTo(here);
            world(database);
        }
        var service = SERVICE.get(cause);
        if (service != null) {
            assertThat(here(cause, () -> service.accept(world)))
                    .as("through the service")
                    .isEqualTo(here);
            world(database);
        }
        Runnable change = SQL.containsKey(cause) ? () -> bySql(cause) : () -> service.accept(world);
        assertThat(away(cause, change))
                .as("while both were away")
                .isEqualTo(String.join(" | ", clientReturns, gatewayReturns));
    }

    private String here(String cause, Runnable change) {
        prepare(cause);
        var toClient = new Wire();
        var toGateway = new Wire();
        portal.join(world.gateway, toGateway);
        portal.join(world.client, toClient);
        var granted = world.authorize();
        portal.deliver();
        int client = toClient.texts().size();
        int gateway = toGateway.texts().size();
        change.run();
        timePasses();
        return rows(granted.flowId()) + " | " + told(toClient, client) + " | " + told(toGateway, gateway);
    }

    private String away(String cause, Runnable change) {
        prepare(cause);
        var gateway = portal.join(world.gateway, new Wire());
        var client = portal.join(world.client, new Wire());
        world.authorize();
        portal.deliver();
        client.closed();
        gateway.closed();
        change.run();
        timePasses();
        var clientReturns = returned(world.client, "client", world.clientTokenText);
        return clientReturns + " | " + returned(world.gateway, "gateway", world.gatewayTokenText);
    }

    /** By its handshake, with the key that it had; and what it is told then. */
    private String returned(Device device, String externalId, String tokenText) {
        var client = device.role() == Device.Role.CLIENT;
        var key = world
                .texts("SELECT public_key AS v FROM " + (client ? "client" : "gateway") + " WHERE id = ?", device.id())
                .stream()
                .findFirst()
                .orElseGet(World::key);
        var parameters = (Admission.Checked.Valid)
                World.parameters(externalId, key, client ? "headless-client/1.5.4" : "gateway/1.4.17", true);
        return switch (world.authenticate(client ? TokenType.CLIENT : TokenType.GATEWAY, tokenText)) {
            case Authentication.Refused(var reason) -> "refused " + reason.code();
            case Authentication.Accepted accepted ->
                switch (world.devices.admit(accepted, parameters.admission())) {
                    case DeviceService.Admitted.Refused(var reason) -> "refused " + reason.code();
                    case DeviceService.Admitted.Accepted(var admitted) -> {
                        var wire = new Wire();
                        portal.join(admitted, wire);
                        portal.deliver();
                        yield told(wire, 0);
                    }
                };
        };
    }

    /** What the portal's jobs and deliverers do by themselves. */
    private void timePasses() {
        var sweeper = new TimedRevocation(world.transactions);
        sweeper.sweepTokens();
        sweeper.sweepExpired();
        portal.deliver();
    }

    private void prepare(String cause) {
        var before = BEFORE.get(cause);
        if (before != null) {
            run(before);
        }
    }

    private void bySql(String cause) {
        run(SQL.get(cause));
    }

    private void run(String sql) {
        database.execute(sql.replace(":policy", "'" + world.policyId + "'")
                .replace(":actor", "'" + world.actorId + "'")
                .replace(":group", "'" + world.groupId + "'")
                .replace(":token", "'" + world.clientToken.id() + "'")
                .replace(":resource", "'" + world.resourceId + "'")
                .replace(":site", "'" + world.siteId + "'")
                .replace(":server", "'" + world.gatewayToken.id() + "'")
                .replace(":gateway", "'" + world.gateway.id() + "'")
                .replace(":client", "'" + world.client.id() + "'")
                .replace(":account", "'" + world.accountId + "'"));
    }

    /** How many flows are left, and why the audit says that the one ended. */
    private String rows(UUID flowId) {
        var reasons =
                world.texts("SELECT reason AS v FROM audit_entry WHERE flow_id = ? AND action = 'flow_ended'", flowId);
        return world.flowCount() + " " + (reasons.isEmpty() ? "-" : String.join(",", reasons));
    }

    private static String told(Wire wire, int from) {
        var said = new ArrayList<String>();
        for (var text : wire.texts().subList(from, wire.texts().size())) {
            var frame = FrameCodec.decode(text).orElseThrow();
            // What a gateway is told again and again is news of nothing.
            if (!frame.isOk() && !frame.event().equals(Frame.DRIFT)) {
                said.add(event(frame));
            }
        }
        if (wire.closed() != null) {
            said.add("close " + wire.closed());
        }
        return said.isEmpty() ? "-" : String.join(", ", said);
    }

    private static String event(Frame frame) {
        if (frame.isReply()) {
            return "refused";
        }
        if (frame.event().equals(Frame.INIT)) {
            return "init "
                    + (frame.payload().path("resources").size()
                            + frame.payload().path("authorizations").size());
        }
        var detail = frame.sluice() == null ? null : frame.sluice().detail();
        return detail == null
                ? frame.event()
                : frame.event() + " " + detail.reason().code();
    }
}
