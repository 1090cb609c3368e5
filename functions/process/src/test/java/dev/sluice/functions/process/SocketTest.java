package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.AuthorizeFlow;
import dev.sluice.channel.ClientCodec;
import dev.sluice.channel.Decoded;
import dev.sluice.channel.Detail;
import dev.sluice.channel.FlowCreated;
import dev.sluice.channel.Frame;
import dev.sluice.channel.GatewayCodec;
import dev.sluice.channel.Reason;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.database.InjectDatabase;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.stream.StreamService;
import dev.sluice.functions.testing.Session;
import dev.sluice.functions.testing.SocketPeer;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The channels over real sockets. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class SocketTest {

    @InjectDatabase
    TestDatabase database;

    @TestHTTPResource("/")
    URI url;

    @Inject
    Transactions transactions;

    @Inject
    StreamService streams;

    @Inject
    TokenKey key;

    private URI base;
    private World world;
    private SocketPeer.Identity client;
    private SocketPeer.Identity gateway;

    @BeforeEach
    void world() {
        base = URI.create(url.toString().replaceAll("/$", ""));
        world = new World(transactions, key);
        client = new SocketPeer.Identity("client", world.clientTokenText, "client", World.key(), true);
        gateway = new SocketPeer.Identity("gateway", world.gatewayTokenText, "gateway", World.key(), true);
    }

    @Test
    void shouldCarryAnAskToTheGatewayAndItsAnswerToTheClient() throws Exception {
        try (var g = SocketPeer.join(base, gateway);
                var c = SocketPeer.join(base, client)) {
            c.send("create_flow", "{\"resource_id\":\"" + world.resourceId + "\",\"connected_gateway_ids\":[]}");

            var authorize = (AuthorizeFlow) message(GatewayCodec.decodePush(g.await("authorize_flow")));
            assertThat(authorize.client().id()).isEqualTo(world.client.id());
            assertThat(authorize.client().publicKey()).isEqualTo(client.key());
            assertThat(c.texts()).noneMatch(text -> text.contains("flow_created"));

            long ref = g.send("flow_authorized", "{\"ref\":\"" + authorize.ref() + "\"}");
            assertThat(g.await(frame -> frame.isReply() && Long.valueOf(ref).equals(frame.ref()))
                            .isOk())
                    .isTrue();
            var created = (FlowCreated) message(ClientCodec.decodePush(c.await("flow_created")));
            assertThat(created.gatewayId()).isEqualTo(world.gateway.id());
            assertThat(created.gatewayPublicKey()).isEqualTo(gateway.key());
            assertThat(created.presharedKey()).isEqualTo(authorize.client().presharedKey());
            assertThat(created.clientIce()).isEqualTo(authorize.clientIce());
            assertThat(created.siteId()).isEqualTo(world.siteId);

            long again = g.send("flow_authorized", "{\"ref\":\"" + authorize.ref() + "\"}");
            assertThat(g.await(frame -> Long.valueOf(again).equals(frame.ref())).reason())
                    .isEqualTo(Frame.INVALID_REF);
        }
    }

    @Test
    void shouldPassCandidatesBehindWhatTheyNeed() throws Exception {
        try (var g = SocketPeer.join(base, gateway);
                var c = SocketPeer.join(base, client)) {
            c.send("create_flow", "{\"resource_id\":\"" + world.resourceId + "\",\"connected_gateway_ids\":[]}");
            var authorize = (AuthorizeFlow) message(GatewayCodec.decodePush(g.await("authorize_flow")));
            g.send("flow_authorized", "{\"ref\":\"" + authorize.ref() + "\"}");
            g.send(
                    "broadcast_ice_candidates",
                    "{\"client_ids\":[\"" + world.client.id() + "\"],\"candidates\":[\"candidate:1\"]}");
            c.await("flow_created");
            assertThat(c.await("ice_candidates").payload().path("gateway_id").asText())
                    .isEqualTo(world.gateway.id().toString());

            c.send(
                    "broadcast_invalidated_ice_candidates",
                    "{\"gateway_ids\":[\"" + world.gateway.id() + "\"],\"candidates\":[\"candidate:2\"]}");
            assertThat(g.await("invalidate_ice_candidates").payload().toString())
                    .isEqualTo("{\"client_id\":\"" + world.client.id() + "\",\"candidates\":[\"candidate:2\"]}");
        }
    }

    @Test
    void shouldTellBothEndsOfARevocationWithItsReason() throws Exception {
        try (var g = SocketPeer.join(base, gateway);
                var c = SocketPeer.join(base, client)) {
            world.authorize();
            database.execute("UPDATE policy SET disabled_at = now() WHERE id = '" + world.policyId + "'");

            var rejected = g.await("reject_access");
            assertThat(rejected.sluice().detail()).isEqualTo(Detail.of(Reason.POLICY_DISABLED));
            var deleted = c.await("resource_deleted");
            assertThat(deleted.payload().textValue()).isEqualTo(world.resourceId.toString());
            assertThat(deleted.sluice().detail()).isEqualTo(Detail.of(Reason.POLICY_DISABLED));
            assertThat(deleted.sluice().generation()).isPositive();
        }
    }

    @Test
    void shouldTellOtherPeersNothingBesideThePayload() throws Exception {
        var old = new SocketPeer.Identity("client", world.clientTokenText, "client", client.key(), false);
        try (var c = SocketPeer.join(base, old)) {
            world.policies.disable(world.accountId, world.policyId);
            c.await("resource_deleted");
            assertThat(c.texts()).noneMatch(text -> text.contains("sluice\""));
            assertThat(c.texts().getFirst()).isEqualTo("""
                            {"topic":"client","event":"phx_reply","payload":{"status":"ok","response":{}},"ref":0}""");
        }
    }

    @Test
    void shouldDenyWithTheTypedReason() throws Exception {
        try (var c = SocketPeer.join(base, client)) {
            var hidden = world.resource("10.7.0.0/16");
            c.send("create_flow", "{\"resource_id\":\"" + hidden + "\",\"connected_gateway_ids\":[]}");
            var failed = c.await("flow_creation_failed");
            assertThat(failed.payload().path("reason").asText()).isEqualTo("not_found");
            assertThat(failed.sluice().detail()).isEqualTo(Detail.of(Reason.NO_POLICY));
        }
    }

    /** Of a resource out of its reach the client hears what it hears of one that does not exist. */
    @Test
    void shouldTellTheClientWhatIsSeenOfIt() throws Exception {
        try (var c = SocketPeer.join(base, client)) {
            var conditioned = world.resource("10.8.0.0/16");
            world.policyFor(conditioned, "client_verified is true", "remote_ip_location_region is_in DE");
            c.send("create_flow", "{\"resource_id\":\"" + conditioned + "\",\"connected_gateway_ids\":[]}");
            var failed = c.await("flow_creation_failed");
            assertThat(failed.sluice().detail())
                    .isEqualTo(new Detail(
                            Reason.CONDITION,
                            List.of("client_verified", "remote_ip_location_region"),
                            Map.of("client_verified", "false")));
            assertThat(failed.payload().toString()).doesNotContain("false");
        }
        for (var unreached : List.of(world.resource("10.9.0.0/16"), UUID.randomUUID())) {
            try (var c = SocketPeer.join(base, client)) {
                c.send("create_flow", "{\"resource_id\":\"" + unreached + "\",\"connected_gateway_ids\":[]}");
                // What the connection before was told may be said once more.
                var failed = c.await(f -> f.event().equals("flow_creation_failed")
                        && f.payload().path("resource_id").asText().equals(unreached.toString()));
                assertThat(failed.payload().path("reason").asText()).isEqualTo("not_found");
                assertThat(failed.sluice().detail()).isEqualTo(Detail.of(Reason.NO_POLICY));
            }
        }
    }

    @Test
    void shouldAnswerHeartbeatsAndWhatItDoesNotKnow() throws Exception {
        try (var c = SocketPeer.join(base, client)) {
            c.send("{\"topic\":\"phoenix\",\"event\":\"heartbeat\",\"payload\":{},\"ref\":41}");
            assertThat(c.await(f -> Long.valueOf(41).equals(f.ref())).isOk()).isTrue();
            long unknown = c.send("no_such_thing", "{}");
            assertThat(c.await(f -> Long.valueOf(unknown).equals(f.ref())).reason())
                    .isEqualTo("unknown_message");
            c.send("{\"topic\":\"relay\",\"event\":\"x\",\"payload\":{},\"ref\":42}");
            assertThat(c.await(f -> Long.valueOf(42).equals(f.ref())).reason()).isEqualTo("unmatched topic");
            long malformed = c.send("create_flow", "{\"resource_id\":7}");
            assertThat(c.await(f -> Long.valueOf(malformed).equals(f.ref())).isOk())
                    .isFalse();
        }
    }

    /** Each is one of a few decisions a second, and all of them are one entry of the audit. */
    @Test
    void shouldBoundWhatAClientCostsThatDoesNotTakeNoForAnAnswer() throws Exception {
        world.policies.disable(world.accountId, world.policyId);
        try (var c = SocketPeer.join(base, client)) {
            for (int i = 0; i < 200; i++) {
                c.send("create_flow", "{\"resource_id\":\"" + world.resourceId + "\",\"connected_gateway_ids\":[]}");
            }
            long last = c.send("no_such_thing", "{}");
            assertThat(c.await(f -> Long.valueOf(last).equals(f.ref())).reason())
                    .isEqualTo("unknown_message");

            assertThat(world.count(
                            "SELECT count(*) FROM audit_entry WHERE account_id = ? AND action = 'flow_denied'",
                            world.accountId))
                    .isOne();
            long counted = world.one(
                    "SELECT count FROM audit_entry WHERE account_id = ? AND action = 'flow_denied'",
                    row -> row.number("count"),
                    world.accountId);
            assertThat(counted).isBetween(10L, 199L);
        }
    }

    @Test
    void shouldAnswerAHeartbeatWhileAnAskWaits() throws Exception {
        try (var session = new Session(database);
                var c = SocketPeer.join(base, client)) {
            session.execute("SELECT take_turn('" + world.accountId + "')");
            c.send("create_flow", "{\"resource_id\":\"" + world.resourceId + "\",\"connected_gateway_ids\":[]}");
            session.awaitWaiting(1);

            c.send("{\"topic\":\"phoenix\",\"event\":\"heartbeat\",\"payload\":{},\"ref\":77}");

            assertThat(c.next().topic()).isEqualTo("phoenix");
            assertThat(session.waiting()).as("the ask").isOne();
        }
    }

    @Test
    void shouldNotBeStoppedByWhatItCannotRead() throws Exception {
        try (var c = SocketPeer.join(base, client)) {
            for (var text : List.of("", "{", "null", "[]", "{\"topic\":1}", "x".repeat(1000))) {
                c.send(text);
            }
            c.socket().sendBinary(ByteBuffer.wrap(new byte[] {1, 2, 3}), true).join();
            c.send("{\"topic\":\"phoenix\",\"event\":\"heartbeat\",\"payload\":{},\"ref\":43}");
            assertThat(c.await(f -> Long.valueOf(43).equals(f.ref())).isOk()).isTrue();
        }
    }

    @Test
    void shouldRefuseEventsBeforeTheJoin() throws Exception {
        try (var c = SocketPeer.connect(base, client)) {
            long ref = c.send("create_flow", "{\"resource_id\":\"" + world.resourceId + "\"}");
            assertThat(c.await(f -> Long.valueOf(ref).equals(f.ref())).reason()).isEqualTo("unmatched topic");
        }
    }

    @Test
    void shouldKeepWhatADeviceMissedUntilItIsBack() throws Exception {
        try (var g = SocketPeer.join(base, gateway)) {
            world.authorize();
        }
        world.policies.disable(world.accountId, world.policyId);
        var old = new SocketPeer.Identity("gateway", world.gatewayTokenText, "gateway", gateway.key(), false);
        try (var g = SocketPeer.join(base, old)) {
            assertThat(g.texts().get(1)).contains("\"authorizations\":[]");
            var rejected = g.await("reject_access");
            assertThat(rejected.payload().path("client_id").asText())
                    .isEqualTo(world.client.id().toString());
        }
    }

    /** All that a portal knew when it died is in the tables: here it decided and said nothing to anyone. */
    @Test
    void shouldGoOnFromTheTablesWhereADeadPortalStopped() throws Exception {
        world.execute("UPDATE client SET public_key = ? WHERE id = ?", client.key(), world.client.id());
        world.execute("UPDATE gateway SET public_key = ? WHERE id = ?", gateway.key(), world.gateway.id());
        var granted = world.grant();
        world.execute("DELETE FROM channel WHERE instance_id = ?", world.instanceId);

        try (var g = SocketPeer.join(base, gateway)) {
            var authorize = (AuthorizeFlow) message(GatewayCodec.decodePush(g.await("authorize_flow")));
            long ref = g.send("flow_authorized", "{\"ref\":\"" + authorize.ref() + "\"}");
            assertThat(g.await(frame -> Long.valueOf(ref).equals(frame.ref())).isOk())
                    .isTrue();
        }
        try (var c = SocketPeer.join(base, client)) {
            assertThat(c.await("flow_created").sluice().generation()).isEqualTo(granted.generation());
        }
    }

    @Test
    void shouldNotAnnounceAGrantThatEndedBeforeTheAnswer() throws Exception {
        try (var g = SocketPeer.join(base, gateway);
                var c = SocketPeer.join(base, client)) {
            c.send("create_flow", "{\"resource_id\":\"" + world.resourceId + "\",\"connected_gateway_ids\":[]}");
            var authorize = (AuthorizeFlow) message(GatewayCodec.decodePush(g.await("authorize_flow")));
            world.policies.disable(world.accountId, world.policyId);
            long ref = g.send("flow_authorized", "{\"ref\":\"" + authorize.ref() + "\"}");
            assertThat(g.await(frame -> Long.valueOf(ref).equals(frame.ref())).reason())
                    .isEqualTo(Frame.INVALID_REF);
            c.await("resource_deleted");
            assertThat(c.texts()).noneMatch(text -> text.contains("flow_created"));
        }
    }

    @Test
    void shouldNotBeStoppedByAnEntryThatSaysNothing() throws Exception {
        try (var c = SocketPeer.join(base, client)) {
            database.execute("INSERT INTO outbox (account_id, device_id, kind) VALUES ('" + world.accountId + "', '"
                    + world.client.id() + "', 'resource')");
            world.policies.disable(world.accountId, world.policyId);
            c.await("resource_deleted");
        }
    }

    @Test
    void shouldShowAGatewayWhatItMayHold() throws Exception {
        world.authorize();
        try (var g = SocketPeer.join(base, gateway)) {
            var init = g.texts().get(1);
            assertThat(init).contains("\"client_id\":\"" + world.client.id() + "\"");
            assertThat(init)
                    .containsPattern("\"sluice\":\\{\"time\":1[0-9]{12},\"epoch\":1[0-9]{9},\"sequence\":1\\}\\}$");
        }
    }

    @Test
    void shouldHoldAndReleaseAStream() throws Exception {
        try (var c = SocketPeer.join(base, client)) {
            streams.hold(world.accountId, world.client.id());
            world.policies.disable(world.accountId, world.policyId);
            c.send("{\"topic\":\"phoenix\",\"event\":\"heartbeat\",\"payload\":{},\"ref\":44}");
            c.await(f -> Long.valueOf(44).equals(f.ref()));
            assertThat(world.count(
                            "SELECT count(*) FROM outbox WHERE device_id = ? AND sent_at IS NULL", world.client.id()))
                    .isPositive();
            assertThat(c.texts()).noneMatch(text -> text.contains("resource_deleted"));

            streams.release(world.accountId, world.client.id());
            c.await("resource_deleted");
        }
    }

    @Test
    void shouldSendARejectionAloneAndKeepTheFlow() throws Exception {
        try (var g = SocketPeer.join(base, gateway)) {
            world.authorize();
            assertThat(streams.rejectAccess(world.accountId, world.siteId, world.resourceId, null))
                    .isOne();
            var rejected = g.await("reject_access");
            assertThat(rejected.sluice().generation()).isNull();
            assertThat(world.flowCount()).isOne();
        }
    }

    @Test
    void shouldMoveAnExpiryThatSomebodyTyped() throws Exception {
        try (var g = SocketPeer.join(base, gateway)) {
            var granted = world.authorize();
            var soon = Instant.ofEpochSecond(
                    Instant.now().plus(Duration.ofMinutes(3)).getEpochSecond());
            database.execute("UPDATE flow SET expires_at = '" + soon + "' WHERE id = '" + granted.flowId() + "'");
            assertThat(g.await("access_authorization_expiry_updated")
                            .payload()
                            .path("expires_at")
                            .asLong())
                    .isEqualTo(soon.getEpochSecond());
        }
    }

    @Test
    void shouldNotPassCandidatesToAnotherAccount() throws Exception {
        var other = new World(transactions, key);
        var foreign = new SocketPeer.Identity("gateway", other.gatewayTokenText, "gateway", World.key(), true);
        try (var g = SocketPeer.join(base, foreign);
                var c = SocketPeer.join(base, client)) {
            c.send(
                    "broadcast_ice_candidates",
                    "{\"gateway_ids\":[\"" + other.gateway.id() + "\",\"" + UUID.randomUUID()
                            + "\"],\"candidates\":[\"candidate:1\"]}");
            c.send("{\"topic\":\"phoenix\",\"event\":\"heartbeat\",\"payload\":{},\"ref\":45}");
            c.await(f -> Long.valueOf(45).equals(f.ref()));
            assertThat(world.count("SELECT count(*) FROM candidate WHERE account_id = ?", other.accountId))
                    .isZero();
            assertThat(g.texts()).noneMatch(text -> text.contains("ice_candidates"));
        }
    }

    private static Object message(Decoded<?> decoded) {
        return ((Decoded.Message<?>) decoded).value();
    }
}
