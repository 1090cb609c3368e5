package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.auth.TokenService;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients and gateways, by the API. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class DeviceApiTest {
    @TestHTTPResource("/")
    URI url;

    @Inject
    Transactions transactions;

    @Inject
    TokenService tokens;

    @Inject
    TokenKey key;

    private World world;
    private ApiCaller api;

    @BeforeEach
    void signIn() {
        world = new World(transactions, key);
        api = ApiCaller.of(url, world, tokens);
    }

    @Test
    void shouldShowAndRenameClients() throws Exception {
        String path = "/clients/" + world.client.id();
        var shown = api.get(path);
        assertThat(shown.data().path("external_id").asText()).isEqualTo("client");
        assertThat(shown.data().path("actor_id").asText()).isEqualTo(world.actorId.toString());
        assertThat(shown.data().path("ipv4").asText()).startsWith("100.");
        assertThat(shown.data().path("last_seen_remote_ip").asText()).isEqualTo("203.0.113.9");
        assertThat(shown.data().path("online").asBoolean()).isFalse();
        assertThat(shown.header("ETag")).isEqualTo("\"1\"");

        world.reconnect("203.0.113.10");
        assertThat(api.get(path).header("ETag")).as("to connect is no change").isEqualTo("\"1\"");
        world.online(world.client);
        var renamed = api.with("If-Match", "\"1\"").patch(path, "{'client':{'name':'Laptop'}}");
        assertThat(renamed.data().path("name").asText()).isEqualTo("Laptop");
        assertThat(renamed.data().path("online").asBoolean()).isTrue();
        assertThat(renamed.header("ETag")).isEqualTo("\"2\"");
        assertThat(api.get("/clients?name=lap&actor_id=" + world.actorId).data())
                .containsExactly(renamed.data());
        assertThat(api.get("/clients?actor_id=" + world.groupId).data()).isEmpty();
        assertThat(api.patch(path, "{'client':{'name':''}}").status()).isEqualTo(422);
    }

    @Test
    void shouldEndWhatVerifiedClientsAloneMayReach() throws Exception {
        String path = "/clients/" + world.client.id();
        api.patch(
                "/policies/" + world.policyId,
                "{'policy':{'conditions':[{'property':'client_verified','operator':'is','values':['true']}]}}");
        assertThat(api.put(path + "/verify", "{}").data().path("verified_at").isNull())
                .isFalse();
        world.authorize();
        assertThat(api.call("PUT", path + "/unverify", null)
                        .data()
                        .path("verified_at")
                        .isNull())
                .isTrue();
        assertThat(world.flowCount()).isZero();
    }

    @Test
    void shouldDeleteClients() throws Exception {
        world.authorize();
        assertThat(api.delete("/clients/" + world.client.id()).status()).isEqualTo(200);
        assertThat(world.flowCount()).isZero();
        assertThat(api.get("/clients/" + world.client.id()).status()).isEqualTo(404);
    }

    @Test
    void shouldShowAndDeleteTheGatewaysOfASite() throws Exception {
        String path = "/gateway_groups/" + world.siteId + "/gateways";
        var listed = api.get(path);
        assertThat(listed.data()).hasSize(1);
        assertThat(listed.data().path(0).path("online").asBoolean()).isTrue();
        assertThat(listed.data().path(0).path("gateway_group_id").asText()).isEqualTo(world.siteId.toString());
        assertThat(api.get(path + "/" + world.gateway.id()).data())
                .isEqualTo(listed.data().path(0));

        var other = world.site("Other");
        String elsewhere = "/gateway_groups/" + other + "/gateways";
        assertThat(api.get(elsewhere).data()).isEmpty();
        assertThat(api.delete(elsewhere + "/" + world.gateway.id()).status()).isEqualTo(404);
        world.authorize();
        assertThat(api.delete(path + "/" + world.gateway.id()).status()).isEqualTo(200);
        assertThat(world.flowCount()).isZero();
    }
}
