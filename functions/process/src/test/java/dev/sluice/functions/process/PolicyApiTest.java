package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.auth.Authentication;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.auth.TokenService;
import dev.sluice.functions.auth.TokenType;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Policies, and tokens, by the API. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class PolicyApiTest {
    private static final String POLICIES = "/policies";

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

    private ApiCaller.Answer create(UUID group, UUID resource, String more) throws Exception {
        return api.post(
                POLICIES, "{'policy':{'actor_group_id':'" + group + "','resource_id':'" + resource + "'" + more + "}}");
    }

    @Test
    void shouldCreateChangeAndDeletePolicies() throws Exception {
        var created = create(
                world.everyone(),
                world.resourceId,
                ",'description':'For all','conditions':[{'property':'remote_ip','operator':'is_in_cidr',"
                        + "'values':['203.0.113.0/24','2001:DB8::/32']}]");
        assertThat(created.status()).isEqualTo(201);
        var data = created.data();
        assertThat(data.path("actor_group_id").asText())
                .isEqualTo(world.everyone().toString());
        assertThat(data.path("conditions").path(0).path("values").toString())
                .isEqualTo("[\"203.0.113.0/24\",\"2001:db8::/32\"]");

        String path = POLICIES + "/" + created.id();
        assertThat(api.get(path).body()).isEqualTo(created.body());
        assertThat(api.get(POLICIES + "?actor_group_id=" + world.everyone()).data())
                .containsExactly(data);
        assertThat(api.get(POLICIES + "?resource_id=" + world.resourceId).data())
                .hasSize(2);
        assertThat(api.get(POLICIES + "?resource_id=nowhere").status()).isEqualTo(400);
        var changed = api.patch(path, "{'policy':{'conditions':[]}}");
        assertThat(changed.data().path("conditions")).isEmpty();
        assertThat(changed.data().path("description").asText()).isEqualTo("For all");
        assertThat(changed.header("ETag")).isEqualTo("\"2\"");
        assertThat(create(world.everyone(), world.resourceId, "").status()).isEqualTo(409);
        assertThat(api.delete(path).data()).isEqualTo(changed.data());
        assertThat(api.get(path).status()).isEqualTo(404);
    }

    @Test
    void shouldEndWhatNoOtherPolicyAllows() throws Exception {
        String path = POLICIES + "/" + world.policyId;
        world.authorize();
        var disabled = api.patch(path, "{'policy':{'disabled':true}}");
        assertThat(disabled.data().path("disabled_at").isNull()).isFalse();
        assertThat(world.flowCount()).isZero();
        assertThat(world.outbox(world.gateway)).contains("reject_access policy_disabled");

        api.patch(path, "{'policy':{'disabled':false}}");
        world.authorize();
        var everyone = create(world.everyone(), world.resourceId, "");
        assertThat(api.patch(
                                path,
                                "{'policy':{'conditions':[{'property':'client_verified','operator':'is','values':['true']}]}}")
                        .status())
                .isEqualTo(200);
        assertThat(world.flowCount()).as("another policy allows it").isOne();
        assertThat(api.delete(path).status()).isEqualTo(200);
        assertThat(world.flowCount()).isOne();
        assertThat(api.delete(POLICIES + "/" + everyone.id()).status()).isEqualTo(200);
        assertThat(world.flowCount()).isZero();
        assertThat(world.outbox(world.gateway)).contains("reject_access policy_deleted");
    }

    /** Whoever ends access takes the account's turn before the row, by the API as by any other way. */
    @Test
    void shouldNotDeadlockWithWhoEndsAccessOtherwise() throws Exception {
        String path = POLICIES + "/" + world.policyId;
        long before = transactions.retries();
        List<Callable<Boolean>> writers = List.of(
                () -> {
                    for (int i = 0; i < 40; i++) {
                        assertThat(api.patch(path, "{'policy':{'disabled':" + (i % 2 == 0) + "}}")
                                        .status())
                                .isEqualTo(200);
                    }
                    return true;
                },
                () -> {
                    for (int i = 0; i < 200; i++) {
                        world.policies.disable(world.accountId, world.policyId);
                        world.policies.enable(world.accountId, world.policyId);
                    }
                    return true;
                });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var writer : threads.invokeAll(writers)) {
                assertThat(writer.get()).isTrue();
            }
        }
        assertThat(transactions.retries())
                .as("transactions that lost a deadlock")
                .isEqualTo(before);
    }

    @Test
    void shouldRefusePoliciesThatCannotBe() throws Exception {
        var foreign = new World(transactions, key);
        for (UUID other : new UUID[] {foreign.groupId, Ids.next()}) {
            assertThat(error(create(other, world.resourceId, ""))).contains("actor_group_id");
        }
        for (UUID other : new UUID[] {foreign.resourceId, Ids.next()}) {
            assertThat(error(create(world.everyone(), other, ""))).contains("resource_id");
        }
        assertThat(error(api.post(POLICIES, "{'policy':{}}"))).contains("actor_group_id");
        for (String condition : new String[] {
            "{'property':'weather','operator':'is','values':['fine']}",
            "{'property':'remote_ip','operator':'is','values':['203.0.113.0/24']}",
            "{'property':'remote_ip','operator':'is_in_cidr','values':['nowhere']}",
            "{'property':'remote_ip','operator':'is_in_cidr','values':[]}",
            "{'property':'remote_ip','operator':'is_in_cidr'}",
            "null"
        }) {
            assertThat(error(create(world.everyone(), world.resourceId, ",'conditions':[" + condition + "]")))
                    .as(condition)
                    .contains("conditions");
        }
        assertThat(error(api.patch(
                        POLICIES + "/" + world.policyId, "{'policy':{'actor_group_id':'" + world.everyone() + "'}}")))
                .contains("actor_group_id");
        assertThat(api.delete(POLICIES + "/" + foreign.policyId).status()).isEqualTo(404);
    }

    private static String error(ApiCaller.Answer answer) {
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(422);
        return answer.body().path("error").path("validation_errors").toString();
    }

    @Test
    void shouldIssueTokensForGatewaysOnce() throws Exception {
        String path = "/gateway_groups/" + world.siteId + "/tokens";
        var repeated = api.with("Idempotency-Key", "gateway-7");
        var issued = repeated.post(path, "{'token':{'name':'spare'}}");
        assertThat(issued.status()).isEqualTo(201);
        String text = issued.data().path("token").asText();
        assertThat(world.authenticate(TokenType.GATEWAY, text)).isInstanceOf(Authentication.Accepted.class);

        var again = repeated.post(path, "{'token':{'name':'spare'}}");
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.body().toString()).contains(issued.id()).doesNotContain(text);
        assertThat(world.count(
                        "SELECT count(*) FROM idempotency_key WHERE answer IS NOT NULL AND account_id = ?",
                        world.accountId))
                .isZero();
        assertThat(api.get(path).body().toString())
                .contains(issued.id(), "spare")
                .doesNotContain(text);
        assertThat(api.post(path, "{'token':{'expires_at':'2020-01-01T00:00:00Z'}}")
                        .status())
                .isEqualTo(422);

        assertThat(api.delete(path + "/" + issued.id()).data().path("name").asText())
                .isEqualTo("spare");
        assertThat(api.delete(path).data().path("deleted_count").asInt()).isEqualTo(1);
        assertThat(world.authenticate(TokenType.GATEWAY, world.gatewayTokenText))
                .isInstanceOf(Authentication.Refused.class);
    }

    @Test
    void shouldIssueTokensForActors() throws Exception {
        String path = "/actors/" + world.actorId + "/client_tokens";
        var issued = api.call("POST", path, null);
        assertThat(issued.status()).isEqualTo(201);
        assertThat(issued.data().path("expires_at").isNull()).isFalse();
        assertThat(world.authenticate(
                        TokenType.CLIENT, issued.data().path("token").asText()))
                .isInstanceOf(Authentication.Accepted.class);
        var first = api.get(path + "?limit=1");
        assertThat(first.body().path("metadata").path("count").asInt()).isEqualTo(2);
        assertThat(api.get(path + "?limit=1&page_cursor="
                                + first.body()
                                        .path("metadata")
                                        .path("next_page")
                                        .asText())
                        .data()
                        .path(0)
                        .path("id")
                        .asText())
                .isEqualTo(issued.id());

        var robot = api.post("/actors", "{'actor':{'name':'CI','type':'api_client'}}");
        var own = api.post("/actors/" + robot.id() + "/client_tokens", "{}");
        assertThat(ApiCaller.of(url, own.data().path("token").asText())
                        .get(POLICIES)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void shouldKnowNoTokensOfAnotherAccountOrOwner() throws Exception {
        var foreign = new World(transactions, key);
        String mine = "/gateway_groups/" + world.siteId + "/tokens/";
        assertThat(api.get("/gateway_groups/" + foreign.siteId + "/tokens").status())
                .isEqualTo(404);
        assertThat(api.post("/gateway_groups/" + foreign.siteId + "/tokens", "{}")
                        .status())
                .isEqualTo(404);
        assertThat(api.delete("/gateway_groups/" + foreign.siteId + "/tokens").status())
                .isEqualTo(404);
        assertThat(api.delete(mine + foreign.gatewayToken.id()).status()).isEqualTo(404);
        assertThat(api.delete(mine + world.clientToken.id()).status()).isEqualTo(404);
        assertThat(api.post("/actors/" + foreign.actorId + "/client_tokens", "{}")
                        .status())
                .isEqualTo(404);
    }
}
