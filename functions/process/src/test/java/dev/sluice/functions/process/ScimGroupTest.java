package dev.sluice.functions.process;

import static dev.sluice.functions.process.ScimWorld.GROUPS;
import static dev.sluice.functions.process.ScimWorld.USERS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.auth.TokenService;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.sql.Transactions;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Groups and who is in them, as the clients of directories write them. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class ScimGroupTest {
    @TestHTTPResource("/")
    URI url;

    @Inject
    Transactions transactions;

    @Inject
    TokenService tokens;

    @Inject
    TokenKey key;

    private ScimWorld world;
    private ApiCaller scim;
    private String ada;
    private String grace;

    @BeforeEach
    void twoUsers() throws Exception {
        world = ScimWorld.of(url, transactions, tokens, key);
        scim = world.scim();
        ada = world.user("ada");
        grace = world.user("grace");
    }

    private String group(String name, String... members) throws Exception {
        var made = scim.post(
                GROUPS,
                "{'displayName':'" + name + "','externalId':'" + name + "-id','members':["
                        + String.join(
                                ",",
                                List.of(members).stream()
                                        .map(member -> "{'value':'" + member + "'}")
                                        .toList())
                        + "]}");
        assertThat(made.status()).as(made.body().toString()).isEqualTo(201);
        return made.body().path("id").asText();
    }

    private ApiCaller.Answer patch(String id, String... operations) throws Exception {
        return scim.patch(GROUPS + "/" + id, "{'Operations':[" + String.join(",", operations) + "]}");
    }

    private List<String> members(String id) throws Exception {
        return scim.get(GROUPS + "/" + id).body().path("members").findValuesAsText("value");
    }

    @Test
    void shouldMakeAGroupThatTheAccountSees() throws Exception {
        String id = group("Engineers", ada);

        JsonNode shown = world.admin().get("/actor_groups/" + id).data();
        assertThat(shown.path("name").asText()).isEqualTo("Engineers");
        assertThat(shown.path("directory_id").asText())
                .isEqualTo(world.directory().toString());
        assertThat(world.admin()
                        .get("/actor_groups/" + id + "/memberships")
                        .data()
                        .findValuesAsText("id"))
                .containsExactly(ada);
        JsonNode found = scim.get(GROUPS + "?filter=displayName%20eq%20%22engineers%22&excludedAttributes=members")
                .body()
                .at("/Resources/0");
        assertThat(found.path("id").asText()).isEqualTo(id);
        assertThat(found.has("members")).isFalse();
        assertThat(scim.get(GROUPS + "?filter=members.value%20eq%20%22" + ada + "%22")
                        .body()
                        .path("totalResults")
                        .asInt())
                .isEqualTo(1);

        for (var refused : List.of(
                world.admin().put("/actor_groups/" + id, "{'actor_group':{'name':'Mine'}}"),
                world.admin().delete("/actor_groups/" + id),
                world.admin()
                        .patch(
                                "/actor_groups/" + id + "/memberships",
                                "{'memberships':{'add':['" + world.world().actorId + "'],'remove':[]}}"))) {
            assertThat(refused.status()).isEqualTo(409);
        }
    }

    /** Names are unique in an account, and need not be in a directory. */
    @Test
    void shouldTellGroupsOfOneNameApart() throws Exception {
        String first = group("Group");
        assertThat(scim.post(GROUPS, "{'displayName':'Group'}").status()).isEqualTo(201);
        assertThat(name(first)).isEqualTo("Group (Okta)");
        assertThat(scim.get(GROUPS + "/" + first).body().path("displayName").asText())
                .isEqualTo("Group");

        patch(first, "{'op':'replace','path':'displayName','value':'Unique'}");
        assertThat(name(first)).isEqualTo("Unique");
        patch(first, "{'op':'replace','value':{'id':'" + first + "','displayName':'Group'}}");
        assertThat(name(first)).isEqualTo("Group (Okta)");
    }

    private String name(String group) throws Exception {
        return world.admin().get("/actor_groups/" + group).data().path("name").asText();
    }

    @Test
    void shouldPatchMembersInTheDialectsOfItsClients() throws Exception {
        String id = group("Engineers");

        patch(
                id,
                "{'op':'Add','path':'members','value':[{'value':'" + ada + "'},{'value':'" + grace + "'},{'value':'"
                        + ada + "'}]}");
        assertThat(members(id)).containsExactlyInAnyOrder(ada, grace);
        patch(id, "{'op':'remove','path':'members[value eq \\\"" + ada + "\\\"]'}");
        assertThat(members(id)).containsExactly(grace);
        patch(id, "{'op':'replace','path':'members','value':[{'value':'" + ada + "'}]}");
        assertThat(members(id)).containsExactly(ada);
        patch(
                id,
                "{'op':'Remove','path':'members','value':[{'value':'" + ada + "'}]}",
                "{'op':'Add','value':{'members':[{'value':'" + grace + "'}]}}");
        assertThat(members(id)).containsExactly(grace);
        patch(id, "{'op':'remove','path':'members'}");
        assertThat(members(id)).isEmpty();
        scim.put(GROUPS + "/" + id, "{'displayName':'Engineers','members':[{'value':'" + ada + "'}]}");
        assertThat(members(id)).containsExactly(ada);
        scim.put(GROUPS + "/" + id, "{'displayName':'Engineers'}");
        assertThat(members(id)).isEmpty();
    }

    @Test
    void shouldEndTheAccessOfWhoLeavesAGroup() throws Exception {
        String id = group("Engineers", ada, grace);
        var leaves = world.reach(ada, id);
        var stays = world.reach(grace, group("Others", grace));
        assertThat(leaves.isGranted() && stays.isGranted()).isTrue();
        String version = scim.get(GROUPS + "/" + id).header("ETag");

        var left = patch(id, "{'op':'remove','path':'members[value eq \\\"" + ada + "\\\"]'}");

        assertThat(left.header("ETag")).isNotEqualTo(version);
        assertThat(leaves.flows()).isZero();
        assertThat(stays.flows()).isEqualTo(1);
    }

    @Test
    void shouldEndTheAccessOfAGroupThatIsDeleted() throws Exception {
        String id = group("Engineers", ada);
        var reaching = world.reach(ada, id);
        assertThat(reaching.isGranted()).isTrue();

        assertThat(scim.delete(GROUPS + "/" + id).status()).isEqualTo(204);

        assertThat(reaching.flows()).isZero();
        assertThat(scim.get(GROUPS + "/" + id).status()).isEqualTo(404);
        assertThat(world.admin().get("/actor_groups/" + id).status()).isEqualTo(404);
    }

    @Test
    void shouldTakeUsersOfTheDirectoryOnly() throws Exception {
        String id = group("Engineers", ada);

        for (String stranger :
                List.of(id, world.world().actorId.toString(), "00000000-0000-0000-0000-000000000000", "nobody")) {
            var refused = patch(id, "{'op':'add','path':'members','value':[{'value':'" + stranger + "'}]}");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.body().path("scimType").asText()).isEqualTo("invalidValue");
        }
        assertThat(members(id)).as("nothing of it was done").containsExactly(ada);
    }

    @Test
    void shouldTakeAGroupOfThousands() throws Exception {
        var many = new StringBuilder("{'displayName':'All','members':[{'value':'" + ada + "'}");
        for (int repeated = 0; repeated < 90_000; repeated++) {
            many.append(",{'value':'").append(ada).append("'}");
        }
        assertThat(many.length()).isBetween(4 << 20, 5 << 20);
        var made = scim.post(GROUPS, many.append("]}").toString());
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.body().path("members")).hasSize(1);
    }

    @Test
    void shouldLeaveUsersAloneWhereAllGroupsAreGone() throws Exception {
        scim.delete(GROUPS + "/" + group("Engineers", ada));
        assertThat(scim.get(USERS + "/" + ada).body().path("active").asBoolean())
                .isTrue();
    }
}
