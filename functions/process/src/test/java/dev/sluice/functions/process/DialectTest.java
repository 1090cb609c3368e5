package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.SocketPeer;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Peers of both generations of the wire, and mixed. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class DialectTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String AGENT = "Linux/6.1 headless-client/1.5.4 (x86_64; 6.1)";

    @TestHTTPResource("/")
    URI url;

    @Inject
    Transactions transactions;

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
        client = new SocketPeer.Identity("client", world.clientTokenText, "client", World.key(), false);
        gateway = new SocketPeer.Identity("gateway", world.gatewayTokenText, "gateway", World.key(), false);
    }

    @ParameterizedTest(name = "client {0}, gateway {1}")
    @CsvSource({"false, false", "true, false", "false, true", "true, true"})
    void shouldGrantAFlowBetweenPeersOfAnyGeneration(boolean newClient, boolean newGateway) throws Exception {
        try (var g = SocketPeer.join(base, newGateway ? gateway.second() : gateway);
                var c = SocketPeer.join(base, newClient ? client.second() : client)) {
            c.send(
                    newClient ? "request_authorization" : "create_flow",
                    "{\"resource_id\":\"" + world.resourceId + "\",\"connected_gateway_ids\":[]}");
            var asked = g.await(newGateway ? "create_authorization" : "authorize_flow")
                    .payload();
            assertThat(asked.path("use_iceless").isBoolean()).isTrue();
            token(asked, "responder");
            g.send(
                    newGateway ? "authorization_created" : "flow_authorized",
                    "{\"ref\":\"" + asked.path("ref").asText() + "\"}");
            var created = c.await(newClient ? "authorization_created" : "flow_created")
                    .payload();
            assertThat(created.path("preshared_key").asText())
                    .isEqualTo(asked.path("client").path("preshared_key").asText());
            token(created, "initiator");

            c.send(
                    newClient ? "new_gateway_ice_candidates" : "broadcast_ice_candidates",
                    (newClient
                                    ? "{\"gateway_id\":\"" + world.gateway.id() + "\""
                                    : "{\"gateway_ids\":[\"" + world.gateway.id() + "\"]")
                            + ",\"candidates\":[\"candidate\"]}");
            assertThat(g.await("ice_candidates")
                            .payload()
                            .path("candidates")
                            .path(0)
                            .asText())
                    .isEqualTo("candidate");

            world.policies.disable(world.accountId, world.policyId);
            g.await("reject_access");
            c.await("resource_deleted");
            c.send(
                    newClient ? "request_authorization" : "create_flow",
                    "{\"resource_id\":\"" + world.resourceId + "\",\"connected_gateway_ids\":[]}");
            assertThat(c.await(newClient ? "authorization_creation_failed" : "flow_creation_failed")
                            .payload()
                            .path("reason")
                            .asText())
                    .isEqualTo("not_found");
        }
    }

    @Test
    void shouldTellPeersOfAnyGenerationWhatTheyRequire() throws Exception {
        transactions
                .inAccount(world.accountId)
                .run(transaction -> transaction.update(
                        "UPDATE account SET upstream_dns = ? WHERE id = ?",
                        List.of("1.1.1.1:53", "[2606:4700::1111]:53", "2606:4700::1001"),
                        world.accountId));
        for (var identity : List.of(client, client.second(), gateway, gateway.second())) {
            try (var peer = SocketPeer.join(base, identity)) {
                var init = JSON.readTree(peer.texts().get(1)).path("payload");
                assertThat(init.path("flow_logs").path("upload_interval_secs").asInt(-1))
                        .as("%s", identity)
                        .isZero();
                assertThat(init.path("flow_logs").has("api_url")).isTrue();
                assertThat(init.path("authorizations").isArray()).isTrue();
                if (identity.role().equals("client")) {
                    assertThat(init.path("interface").path("upstream_do53").toString())
                            .isEqualTo("[{\"ip\":\"1.1.1.1\"},{\"ip\":\"2606:4700::1111\"},"
                                    + "{\"ip\":\"2606:4700::1001\"}]");
                    assertThat(init.path("interface").path("upstream_dns")).hasSize(3);
                }
            }
        }
    }

    @Test
    void shouldAnswerWhatOnlyNewerPeersSay() throws Exception {
        try (var c = SocketPeer.join(base, client.second())) {
            c.send("set_snownet_capabilities", "{\"iceless\":true}");
            c.send("no_relays", "{}");
            var presence = c.next();
            assertThat(presence.event()).isEqualTo("relays_presence");
            assertThat(presence.payload().path("disconnected_ids")).isEmpty();
            c.send("resolve_device_pool_domain", "{\"resource_id\":\"" + world.resourceId + "\",\"domain\":\"a.b\"}");
            var failed = c.next();
            assertThat(failed.event()).isEqualTo("device_pool_domain_resolution_failed");
            assertThat(failed.payload().path("domain").asText()).isEqualTo("a.b");
        }
    }

    /** Names of one generation mean nothing on the path of the other. */
    @Test
    void shouldNotMixTheTables() throws Exception {
        try (var c = SocketPeer.join(base, client)) {
            long asked = c.send("request_authorization", "{}");
            assertThat(c.await(f -> Long.valueOf(asked).equals(f.ref())).reason())
                    .isEqualTo("unknown_message");
        }
    }

    @Test
    void shouldKnowNoOtherDoors() {
        var path = SocketPeer.path(client).replaceFirst("^/client", "/relay");
        assertThat(SocketPeer.refused(base, path, AGENT).statusCode()).isEqualTo(404);
        assertThat(SocketPeer.refused(base, path.replaceFirst("/relay", "/relay/v2"), AGENT)
                        .statusCode())
                .isEqualTo(404);
    }

    /** Three parts of base64url, an algorithm that peers take, and the claims that they require. */
    private void token(JsonNode grant, String role) throws Exception {
        var parts = grant.path("flow_logs_ingest_token").asText().split("\\.", -1);
        assertThat(parts).hasSize(3).doesNotContain("");
        var decoder = Base64.getUrlDecoder();
        assertThat(JSON.readTree(decoder.decode(parts[0])).path("alg").asText()).isEqualTo("HS256");
        var claims = JSON.readTree(decoder.decode(parts[1]));
        assertThat(claims.path("role").asText()).isEqualTo(role);
        assertThat(claims.path("uploads_enabled").asBoolean(true)).isFalse();
        assertThat(claims.path("iat").isIntegralNumber()).isTrue();
        assertThat(claims.path("exp").isIntegralNumber()).isTrue();
        assertThat(Instant.parse(claims.path("authorization_expires_at").asText()))
                .isAfter(Instant.parse(claims.path("authorized_at").asText()));
        assertThat(claims.path("account_id").asText()).isEqualTo(world.accountId.toString());
        assertThat(claims.path("policy_id").asText()).isEqualTo(world.policyId.toString());
        assertThat(claims.path("resource_name").asText()).startsWith("Net ");
        assertThat(claims.path("initiator_device_id").asText())
                .isEqualTo(world.client.id().toString());
        assertThat(claims.path("responder_device_id").asText())
                .isEqualTo(world.gateway.id().toString());
        assertThat(claims.path("initiator_actor_id").asText()).isEqualTo(world.actorId.toString());
        assertThat(claims.path("initiator_actor_name").asText()).isEqualTo("User");
        assertThat(claims.has("policy_authorization_id") && claims.has("resource_id"))
                .isTrue();
    }
}
