package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.actor.ActorType;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Actors, groups and who is in them, by the API. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class ActorApiTest {
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
    void shouldCreateChangeAndDeleteActors() throws Exception {
        var ada = api.post("/actors", "{'actor':{'name':'Ada','type':'account_user','email':'ada@example.com'}}");
        assertThat(ada.status()).isEqualTo(201);
        assertThat(ada.data().path("type").asText()).isEqualTo("account_user");
        assertThat(ada.data().path("disabled_at").isNull()).isTrue();

        String path = "/actors/" + ada.id();
        var promoted = api.patch(path, "{'actor':{'type':'account_admin_user'}}");
        assertThat(promoted.data().path("type").asText()).isEqualTo("account_admin_user");
        assertThat(promoted.data().path("name").asText()).isEqualTo("Ada");
        assertThat(api.get("/actors?type=account_admin_user").data().findValuesAsText("name"))
                .containsExactly("Ada");
        assertThat(api.get("/actors?name=ad")
                        .body()
                        .path("metadata")
                        .path("count")
                        .asInt())
                .isEqualTo(1);

        for (String last : List.of("{'actor':{'type':'account_user'}}", "{'actor':{'disabled':true}}")) {
            var refused = api.patch(path, last);
            assertThat(refused.status()).isEqualTo(409);
            assertThat(refused.body().path("error").path("message").asText()).contains("the last enabled admin");
        }
        assertThat(api.delete(path).status()).isEqualTo(409);
        assertThat(api.get(path).data()).isEqualTo(promoted.data());

        api.post("/actors", "{'actor':{'name':'Grace','type':'account_admin_user','email':'grace@example.com'}}");
        assertThat(api.delete(path).status()).isEqualTo(200);
        assertThat(api.get(path).status()).isEqualTo(404);
    }

    @Test
    void shouldEndTheAccessOfWhomItDisables() throws Exception {
        world.authorize();
        String path = "/actors/" + world.actorId;

        var disabled = api.put(path, "{'actor':{'disabled':true}}");

        assertThat(disabled.data().path("disabled_at").isNull()).isFalse();
        assertThat(world.flowCount()).isZero();
        assertThat(world.authenticate(TokenType.CLIENT, world.clientTokenText))
                .isInstanceOf(Authentication.Refused.class);
        assertThat(world.outbox(world.gateway)).contains("reject_access actor_disabled");
        assertThat(api.put(path, "{'actor':{'disabled':false}}")
                        .data()
                        .path("disabled_at")
                        .isNull())
                .isTrue();
    }

    @Test
    void shouldRefuseActorsThatCannotBe() throws Exception {
        assertThat(error("{'type':'account_user'}")).contains("name");
        assertThat(error("{'name':'Nobody'}")).contains("type");
        assertThat(error("{'name':'Nobody','type':'user'}")).contains("type");
        assertThat(error("{'name':'Nobody','type':'account_user','email':'nowhere'}"))
                .contains("email");
        assertThat(error("{'name':'Robot','type':'service_account','email':'robot@example.com'}"))
                .contains("email");
        assertThat(error("{'name':'Double','type':'account_user','email':'user@example.com'}"))
                .contains("email");
        var robot = api.post("/actors", "{'actor':{'name':'Robot','type':'service_account'}}");
        assertThat(api.patch("/actors/" + robot.id(), "{'actor':{'type':'account_user'}}")
                        .status())
                .isEqualTo(422);
        assertThat(api.get("/actors?type=robot").status()).isEqualTo(400);
    }

    private String error(String actor) throws Exception {
        var answer = api.post("/actors", "{'actor':" + actor + "}");
        assertThat(answer.status()).as(actor).isEqualTo(422);
        return answer.body().path("error").path("validation_errors").toString();
    }

    @Test
    void shouldCreateRenameAndDeleteGroups() throws Exception {
        var group = api.post("/actor_groups", "{'actor_group':{'name':'Finance'}}");
        assertThat(group.status()).isEqualTo(201);
        assertThat(group.data().path("type").asText()).isEqualTo("static");
        String path = "/actor_groups/" + group.id();
        assertThat(api.put(path, "{'actor_group':{'name':'Controlling'}}").header("ETag"))
                .isEqualTo("\"2\"");
        assertThat(api.post("/actor_groups", "{'actor_group':{'name':'Controlling'}}")
                        .status())
                .isEqualTo(422);
        assertThat(api.delete(path).status()).isEqualTo(200);

        world.authorize();
        assertThat(api.delete("/actor_groups/" + world.groupId).status()).isEqualTo(200);
        assertThat(world.flowCount()).isZero();
    }

    @Test
    void shouldLeaveTheGroupOfEveryoneAlone() throws Exception {
        String path = "/actor_groups/" + world.everyone();
        assertThat(api.get(path).data().path("type").asText()).isEqualTo("managed");
        assertThat(api.put(path, "{'actor_group':{'name':'All'}}").status()).isEqualTo(409);
        assertThat(api.delete(path).status()).isEqualTo(409);
        assertThat(api.put(path + "/memberships", "{'memberships':[]}").status())
                .isEqualTo(409);
        assertThat(api.get(path + "/memberships").data().findValuesAsText("name"))
                .containsExactly("User");
    }

    @Test
    void shouldPutActorsIntoGroupsAndTakeThemOut() throws Exception {
        var other = Ids.next();
        world.actor(other, ActorType.USER, "Other", "other@example.com");
        world.authorize();
        String path = "/actor_groups/" + world.groupId + "/memberships";

        var both = api.patch(path, "{'memberships':{'add':['" + other + "','" + world.actorId + "']}}");
        assertThat(both.data().path("actor_ids")).hasSize(2);
        assertThat(world.flowCount()).isEqualTo(1);
        var first = api.get(path + "?limit=1");
        assertThat(first.body().path("metadata").path("count").asInt()).isEqualTo(2);
        var second = api.get(path + "?limit=1&page_cursor="
                + first.body().path("metadata").path("next_page").asText());
        assertThat(List.of(
                        first.data().path(0).path("id").asText(),
                        second.data().path(0).path("id").asText()))
                .containsExactlyInAnyOrder(other.toString(), world.actorId.toString());
        assertThat(api.get(path + "?limit=1&page_cursor="
                                + second.body()
                                        .path("metadata")
                                        .path("prev_page")
                                        .asText())
                        .data())
                .isEqualTo(first.data());

        var replaced = api.put(path, "{'memberships':[{'actor_id':'" + other + "'}]}");
        assertThat(replaced.data().path("actor_ids").path(0).asText()).isEqualTo(other.toString());
        assertThat(world.flowCount()).isZero();
        assertThat(world.outbox(world.gateway)).contains("reject_access membership_removed");
        assertThat(api.patch(path, "{'memberships':{'remove':['" + other + "']}}")
                        .data()
                        .path("actor_ids"))
                .isEmpty();
    }

    @Test
    void shouldTakeActorsOfTheAccountOnly() throws Exception {
        var foreign = new World(transactions, key);
        String path = "/actor_groups/" + world.groupId + "/memberships";
        var theirs = api.patch(path, "{'memberships':{'add':['" + foreign.actorId + "']}}");
        var nobodys = api.patch(path, "{'memberships':{'add':['" + Ids.next() + "']}}");
        assertThat(theirs.status()).isEqualTo(422);
        assertThat(theirs.body()).isEqualTo(nobodys.body());
        assertThat(api.get("/actor_groups/" + foreign.groupId + "/memberships").status())
                .isEqualTo(404);
        assertThat(api.put("/actor_groups/" + foreign.groupId + "/memberships", "{'memberships':[]}")
                        .status())
                .isEqualTo(404);
        assertThat(api.put(path, "{'memberships':[{'actor_id':null}]}").status())
                .isEqualTo(422);
        assertThat(api.put(path, "{'memberships':{}}").status()).isEqualTo(422);
    }
}
