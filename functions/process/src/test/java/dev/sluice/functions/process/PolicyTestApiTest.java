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
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an account asserts of its policies, and what comes of it. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class PolicyTestApiTest {
    private static final String PATH = "/policy_tests";

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
    void world() {
        world = new World(transactions, key);
        api = ApiCaller.of(url, world, tokens);
    }

    @Test
    void shouldBeKeptBesideThePolicies() throws Exception {
        var created = assertion("works", true, "'remote_ip':'192.0.2.1','at':'2026-01-31T09:00:00Z'");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.data().path("actor").asText()).isEqualTo("User");
        assertThat(api.get(PATH + "?called=works").data()).hasSize(1);
        assertThat(assertion("works", true, "").body().toString()).contains("already");

        var changed = api.with("If-Match", created.header("ETag"))
                .put(PATH + "/" + created.id(), "{'policy_test':{'can_reach':false}}");
        assertThat(changed.data().path("can_reach").asBoolean()).isFalse();
        assertThat(changed.data().path("remote_ip").asText()).isEqualTo("192.0.2.1");
        assertThat(api.with("If-Match", created.header("ETag"))
                        .put(PATH + "/" + created.id(), "{'policy_test':{'can_reach':true}}")
                        .status())
                .isEqualTo(412);
        assertThat(api.delete(PATH + "/" + created.id()).status()).isEqualTo(200);
        assertThat(world.texts(
                        "SELECT action AS v FROM audit_entry WHERE account_id = ? AND action LIKE 'policy_test%' ORDER BY id",
                        world.accountId))
                .containsExactly("policy_test_created", "policy_test_changed", "policy_test_deleted");
    }

    @Test
    void shouldSayWhichOneFailsAndWhy() throws Exception {
        assertion("can", true, "");
        assertion("cannot", false, "");
        world.execute(
                "UPDATE policy SET conditions = '[{\"property\":\"remote_ip\",\"operator\":\"is_in_cidr\","
                        + "\"values\":[\"192.0.2.0/24\"]}]' WHERE id = ?",
                world.policyId);
        assertion("from there", true, "'remote_ip':'192.0.2.7'");

        var run = api.post(PATH + "/run", "{}").data();

        assertThat(run)
                .extracting(outcome -> outcome.path("name").asText() + " "
                        + outcome.path("passed").asBoolean() + " "
                        + outcome.path("reason").asText() + " " + outcome.path("properties"))
                .containsExactly(
                        "can false condition [\"remote_ip\"]",
                        "cannot true condition [\"remote_ip\"]",
                        "from there true null []");
    }

    @Test
    void shouldRunOnWhatIsOnlyProposed() throws Exception {
        assertion("can", true, "");
        var run = api.post(PATH + "/run", "{'proposal':{'delete':['" + world.policyId + "']}}");
        assertThat(run.data().path(0).path("passed").asBoolean()).isFalse();
        assertThat(run.data().path(0).path("reason").asText()).isEqualTo("no_policy");
        var both = api.post(
                PATH + "/run",
                "{'proposal':{'delete':['" + world.policyId + "'],'create':[{'actor_group_id':'" + world.everyone()
                        + "','resource_id':'" + world.resourceId + "'}]}}");
        assertThat(both.data().path(0).path("passed").asBoolean()).isTrue();
        var disabled = api.post(
                PATH + "/run", "{'proposal':{'change':[{'id':'" + world.policyId + "','policy':{'disabled':true}}]}}");
        assertThat(disabled.data().path(0).path("reason").asText()).isEqualTo("policy_disabled");

        assertThat(api.get("/policies").data())
                .hasSize(1)
                .allMatch(policy -> policy.path("disabled_at").isNull());
        assertThat(world.count(
                        "SELECT count(*) FROM audit_entry WHERE account_id = ? AND action LIKE 'policy_%' AND subject LIKE 'actor%'"
                                + " AND action NOT LIKE 'policy_test%'",
                        world.accountId))
                .isZero();
    }

    @Test
    void shouldSayWhichPoliciesOfAProposalThereAreNot() throws Exception {
        String twice = "'" + world.policyId + "','" + world.policyId + "'";
        for (String delete : List.of("'" + world.groupId + "'", twice)) {
            var refused = api.post(PATH + "/run", "{'proposal':{'delete':[" + delete + "]}}");
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.body().path("error").path("validation_errors").path("delete"))
                    .isNotEmpty();
        }
        var refused = api.post(
                PATH + "/run", "{'proposal':{'change':[{'id':'" + world.groupId + "','policy':{'disabled':true}}]}}");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body().path("error").path("validation_errors").path("change"))
                .isNotEmpty();
    }

    @Test
    void shouldRefuseAChangeThatBreaksOneIfTheAccountSaysSo() throws Exception {
        assertion("can", true, "");
        assertion("broken already", false, "");
        String policy = "/policies/" + world.policyId;
        assertThat(api.put(policy, "{'policy':{'disabled':true}}").status()).isEqualTo(200);
        assertThat(api.put(policy, "{'policy':{'disabled':false}}").status()).isEqualTo(200);

        assertThat(api.put("/account", "{'account':{'policy_tests_enforced':true}}")
                        .data()
                        .path("policy_tests_enforced")
                        .asBoolean())
                .isTrue();
        for (var refused : new ApiCaller.Answer[] {
            api.put(policy, "{'policy':{'disabled':true}}"),
            api.put(
                    policy,
                    "{'policy':{'conditions':[{'property':'client_verified','operator':'is','values':['true']}]}}"),
            api.delete(policy),
            api.delete("/actor_groups/" + world.groupId + "/memberships/" + world.actorId),
            api.put("/actor_groups/" + world.groupId + "/memberships", "{'memberships':[]}"),
            api.delete("/actor_groups/" + world.groupId),
            api.put("/actors/" + world.actorId, "{'actor':{'disabled':true}}")
        }) {
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.body().toString())
                    .contains("'can' (User could not reach ")
                    .doesNotContain("broken already");
        }
        assertThat(api.put(policy, "{'policy':{'description':'harmless'}}").status())
                .isEqualTo(200);
        assertThat(world.grant()).isNotNull();
    }

    private ApiCaller.Answer assertion(String name, boolean canReach, String more) throws Exception {
        return api.post(
                PATH,
                "{'policy_test':{'name':'" + name + "','actor_id':'" + world.actorId + "','resource_id':'"
                        + world.resourceId + "','can_reach':" + canReach + (more.isEmpty() ? "" : "," + more) + "}}");
    }
}
