package dev.sluice.functions.process;

import static dev.sluice.functions.process.ScimWorld.GROUPS;
import static dev.sluice.functions.process.ScimWorld.USERS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.auth.TokenService;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.sql.Transactions;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Directories, as an account's admins have them. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class DirectoryApiTest {
    @TestHTTPResource("/")
    URI url;

    @Inject
    Transactions transactions;

    @Inject
    TokenService tokens;

    @Inject
    TokenKey key;

    @Inject
    MeterRegistry metrics;

    private ScimWorld world;
    private ApiCaller api;
    private String path;

    @BeforeEach
    void aDirectory() throws Exception {
        world = ScimWorld.of(url, transactions, tokens, key);
        api = world.admin();
        path = "/directories/" + world.directory();
    }

    @Test
    void shouldCreateChangeAndDeleteDirectories() throws Exception {
        assertThat(api.post("/directories", "{'directory':{'name':'Okta','type':'scim'}}")
                        .status())
                .as("one of a name")
                .isEqualTo(422);
        for (String body : List.of(
                "{'name':'X'}", "{'type':'scim'}", "{'name':'X','type':'ldap'}", "{'name':' ','type':'scim'}")) {
            assertThat(api.post("/directories", "{'directory':" + body + "}").status())
                    .as(body)
                    .isEqualTo(422);
        }
        assertThat(api.patch(path, "{'directory':{'name':'Okta of Acme'}}")
                        .data()
                        .path("name")
                        .asText())
                .isEqualTo("Okta of Acme");
        world.user("ada");
        scim().post(GROUPS, "{'displayName':'Engineers'}");
        JsonNode shown = api.get(path).data();
        assertThat(shown.path("users").asInt()).isEqualTo(1);
        assertThat(shown.path("groups").asInt()).isEqualTo(1);
        assertThat(api.get("/directories").data().findValuesAsText("name")).containsExactly("Okta of Acme");
    }

    private ApiCaller scim() {
        return world.scim();
    }

    @Test
    void shouldAskWhatBecomesOfItsPeople() throws Exception {
        String user = world.user("ada");
        String group = scim().post(GROUPS, "{'displayName':'Engineers','members':[{'value':'" + user + "'}]}")
                .body()
                .path("id")
                .asText();
        var reaching = world.reach(user, group);
        assertThat(reaching.isGranted()).isTrue();

        var refused = api.delete(path);
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body().at("/error/message").asText()).contains("1 users and 1 groups");
        assertThat(api.delete(path + "?people=eat").status()).isEqualTo(400);

        assertThat(api.delete(path + "?people=keep").status()).isEqualTo(200);
        assertThat(api.get(path).status()).isEqualTo(404);
        assertThat(scim().get(USERS).status()).isEqualTo(401);
        assertThat(reaching.flows()).isEqualTo(1);
        assertThat(api.get("/actors/" + user).data().path("directory_id").isNull())
                .isTrue();
        assertThat(api.put("/actor_groups/" + group, "{'actor_group':{'name':'Ours'}}")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void shouldDeleteItsPeopleWithIt() throws Exception {
        String user = world.user("ada");
        String group = scim().post(GROUPS, "{'displayName':'Engineers','members':[{'value':'" + user + "'}]}")
                .body()
                .path("id")
                .asText();
        var reaching = world.reach(user, group);
        assertThat(reaching.isGranted()).isTrue();

        assertThat(api.delete(path + "?people=delete").status()).isEqualTo(200);

        assertThat(reaching.flows()).isZero();
        assertThat(api.get("/actors/" + user).status()).isEqualTo(404);
        assertThat(api.get("/actor_groups/" + group).status()).isEqualTo(404);
        assertThat(api.get("/actors/" + world.world().actorId).status()).isEqualTo(200);
    }

    /** A plan that no longer has directories adds nobody, and takes out whom they take out. */
    @Test
    void shouldAddNobodyWithoutThePlan() throws Exception {
        String user = world.user("ada");
        world.world().execute("UPDATE account SET features = '{rest_api}' WHERE id = ?", world.world().accountId);

        assertThat(api.post("/directories", "{'directory':{'name':'Other','type':'scim'}}")
                        .status())
                .isEqualTo(422);
        assertThat(scim().post(USERS, "{'userName':'grace'}").status()).isEqualTo(403);
        assertThat(scim().post(GROUPS, "{'displayName':'Engineers'}").status()).isEqualTo(403);
        assertThat(scim().delete(USERS + "/" + user).status()).isEqualTo(204);
    }

    /** No limit keeps people out whom the directory knows: they are told to be too many instead. */
    @Test
    void shouldAddPeopleBeyondTheLimit() throws Exception {
        world.world()
                .execute("UPDATE account SET limits = '{\"users_count\":1}' WHERE id = ?", world.world().accountId);
        world.user("ada");
        world.user("grace");
        assertThat(api.get(path).data().path("users").asInt()).isEqualTo(2);
    }

    @Test
    void shouldRaiseAnAlarmWhenManyAreTakenOutAtOnce() throws Exception {
        List<String> users = new ArrayList<>();
        for (int number = 0; number < 12; number++) {
            users.add(world.user("user-" + number));
        }
        double before = alarms();

        for (int number = 0; number < 4; number++) {
            scim().delete(USERS + "/" + users.get(number));
        }
        assertThat(alarms() - before).as("fewer than five are no burst").isZero();
        for (int number = 4; number < 8; number++) {
            scim().patch(USERS + "/" + users.get(number), "{'Operations':[{'op':'replace','value':{'active':false}}]}");
        }
        assertThat(alarms() - before).as("one alarm for all").isEqualTo(1);
        assertThat(api.get(path).data().path("users").asInt())
                .as("and each was carried out")
                .isEqualTo(8);
    }

    private double alarms() {
        return metrics.counter("sluice.directory.alarms").count();
    }
}
