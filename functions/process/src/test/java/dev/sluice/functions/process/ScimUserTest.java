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
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Users, as the clients of directories write them. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class ScimUserTest {
    private static final String ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    private static final String ADA = """
            {'schemas':['urn:ietf:params:scim:schemas:core:2.0:User'],'externalId':'00u1','userName':'ada@example.com',
             'name':{'givenName':'Ada','familyName':'Lovelace'},'emails':[{'type':'work','value':'ada@example.com','primary':true}],
             'displayName':'Ada Lovelace','active':true,'password':'secret','favourite':'green'}""";

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

    @BeforeEach
    void aDirectory() throws Exception {
        world = ScimWorld.of(url, transactions, tokens, key);
        scim = world.scim();
    }

    private JsonNode actor(String id) throws Exception {
        return world.admin().get("/actors/" + id).data();
    }

    @Test
    void shouldMakeAPersonOfAUser() throws Exception {
        var made = scim.post(USERS, ADA);

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.header("Content-Type")).startsWith("application/scim+json");
        String id = made.body().path("id").asText();
        assertThat(made.header("Location")).endsWith(USERS + "/" + id);
        assertThat(made.header("ETag")).isEqualTo("W/\"1\"");
        assertThat(made.body().at("/meta/version").asText()).isEqualTo("W/\"1\"");
        assertThat(made.body().at("/name/familyName").asText()).isEqualTo("Lovelace");
        assertThat(made.body().has("password")).isFalse();
        assertThat(made.body().has("favourite")).isFalse();
        assertThat(scim.get(USERS + "/" + id).body()).isEqualTo(made.body());

        JsonNode actor = actor(id);
        assertThat(actor.path("name").asText()).isEqualTo("Ada Lovelace");
        assertThat(actor.path("email").asText()).isEqualTo("ada@example.com");
        assertThat(actor.path("type").asText()).isEqualTo("account_user");
        assertThat(actor.path("directory_id").asText())
                .isEqualTo(world.directory().toString());
        assertThat(world.world().audit(1).getFirst().subject()).isEqualTo("directory " + world.directory());
    }

    @Test
    void shouldTakeNobodyOverByAnAddress() throws Exception {
        world.world()
                .execute(
                        "UPDATE actor SET email = 'ada@example.com', type = 'admin' WHERE id = ?",
                        world.world().actorId);

        String id = scim.post(USERS, ADA).body().path("id").asText();

        assertThat(id).isNotEqualTo(world.world().actorId.toString());
        assertThat(actor(id).path("email").isNull()).isTrue();
        assertThat(actor(id).path("type").asText()).isEqualTo("account_user");
        assertThat(actor(world.world().actorId.toString()).path("email").asText())
                .isEqualTo("ada@example.com");
    }

    @Test
    void shouldFindUsersByWhatClientsMatchBy() throws Exception {
        String id = scim.post(USERS, ADA).body().path("id").asText();
        world.user("grace@example.com");

        for (String filter : List.of(
                "userName eq \"ADA@example.com\"",
                "externalId eq \"00u1\"",
                "id eq \"" + id + "\"",
                "userName eq \"ada@example.com\" and active eq true",
                "emails.value eq \"ada@example.com\"",
                "emails[type eq \"work\"].value eq \"ada@example.com\"",
                "displayName eq \"Ada Lovelace\"")) {
            var found = list(filter, "");
            assertThat(found.path("totalResults").asInt()).as(filter).isEqualTo(1);
            assertThat(found.at("/Resources/0/id").asText()).isEqualTo(id);
        }
        assertThat(list("userName eq \"nobody\"", "").path("totalResults").asInt())
                .isZero();
        var second = list("", "&startIndex=2&count=1");
        assertThat(second.path("totalResults").asInt()).isEqualTo(2);
        assertThat(second.path("itemsPerPage").asInt()).isEqualTo(1);
        assertThat(second.at("/Resources/0/userName").asText()).isEqualTo("grace@example.com");
        assertThat(list("", "&count=0").path("Resources")).isEmpty();
        assertThat(list("", "&attributes=userName").at("/Resources/0").fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("schemas", "id", "userName");
    }

    private JsonNode list(String filter, String more) throws Exception {
        return scim.get(USERS + "?filter=" + URLEncoder.encode(filter, StandardCharsets.UTF_8) + more)
                .body();
    }

    /** As Okta does it, and as Entra does. */
    @Test
    void shouldPatchInTheDialectsOfItsClients() throws Exception {
        String id = scim.post(USERS, ADA).body().path("id").asText();

        var okta = patch(id, "{'op':'replace','value':{'id':'" + id + "','displayName':'Countess','active':true}}");
        assertThat(okta.status()).as(okta.body().toString()).isEqualTo(200);
        assertThat(actor(id).path("name").asText()).isEqualTo("Countess");

        var entra = patch(
                id,
                "{'op':'Replace','path':'displayName','value':'Ada King'}",
                "{'op':'Add','path':'name.familyName','value':'King'}",
                "{'op':'Replace','path':'emails[type eq \\\"work\\\"].value','value':'king@example.com'}",
                "{'op':'Add','path':'phoneNumbers[type eq \\\"mobile\\\"].value','value':'555'}",
                "{'op':'Add','path':'" + ENTERPRISE + ":department','value':'Engines'}",
                "{'op':'Add','value':{'name.givenName':'Augusta','" + ENTERPRISE + ":costCenter':'7','unheard':'of'}}",
                "{'op':'Remove','path':'nickName'}");
        assertThat(entra.status()).as(entra.body().toString()).isEqualTo(200);
        JsonNode user = entra.body();
        assertThat(user.at("/name/familyName").asText()).isEqualTo("King");
        assertThat(user.at("/name/givenName").asText()).isEqualTo("Augusta");
        assertThat(user.at("/emails/0/value").asText()).isEqualTo("king@example.com");
        assertThat(user.at("/emails/0/primary").asBoolean()).isTrue();
        assertThat(user.at("/phoneNumbers/0/value").asText()).isEqualTo("555");
        assertThat(user.at("/phoneNumbers/0/type").asText()).isEqualTo("mobile");
        assertThat(user.path(ENTERPRISE).path("department").asText()).isEqualTo("Engines");
        assertThat(user.path(ENTERPRISE).path("costCenter").asText()).isEqualTo("7");
        assertThat(user.path("schemas")).hasSize(2);
        assertThat(actor(id).path("email").asText()).isEqualTo("king@example.com");

        assertThat(patch(id, "{'op':'Replace','path':'active','value':'False'}")
                        .body()
                        .path("active")
                        .asBoolean())
                .isFalse();
        assertThat(actor(id).path("disabled_at").isNull()).isFalse();
        assertThat(patch(id, "{'op':'Add','value':{'active':'True'}}")
                        .body()
                        .path("active")
                        .asBoolean())
                .isTrue();
        assertThat(actor(id).path("disabled_at").isNull()).isTrue();
    }

    private ApiCaller.Answer patch(String id, String... operations) throws Exception {
        return scim.patch(
                USERS + "/" + id,
                "{'schemas':['urn:ietf:params:scim:api:messages:2.0:PatchOp'],'Operations':["
                        + String.join(",", operations) + "]}");
    }

    @Test
    void shouldEndTheAccessOfWhomItTakesOut() throws Exception {
        for (String way : List.of("patch", "put", "delete")) {
            String user = world.user(way + "@example.com");
            String group = scim.post(GROUPS, "{'displayName':'" + way + "','members':[{'value':'" + user + "'}]}")
                    .body()
                    .path("id")
                    .asText();
            var reaching = world.reach(user, group);
            assertThat(reaching.isGranted()).isTrue();

            switch (way) {
                case "patch" -> patch(user, "{'op':'replace','value':{'active':false}}");
                case "put" -> scim.put(USERS + "/" + user, "{'userName':'put@example.com','active':false}");
                default -> assertThat(scim.delete(USERS + "/" + user).status()).isEqualTo(204);
            }

            assertThat(reaching.flows()).as(way).isZero();
            assertThat(reaching.isGranted()).as(way).isFalse();
        }
    }

    @Test
    void shouldEndNothingByWhatChangesNothing() throws Exception {
        String user = scim.post(USERS, ADA).body().path("id").asText();
        String members = "'members':[{'value':'" + user + "'}]";
        String group = scim.post(GROUPS, "{'displayName':'Engineers'," + members + "}")
                .body()
                .path("id")
                .asText();
        var reaching = world.reach(user, group);
        assertThat(reaching.isGranted()).isTrue();
        String audited = world.world().audit(1).getFirst().toString();

        var put = scim.put(USERS + "/" + user, ADA);
        assertThat(put.header("ETag")).isEqualTo("W/\"1\"");
        assertThat(patch(user, "{'op':'replace','value':{'active':true}}").header("ETag"))
                .isEqualTo("W/\"1\"");
        scim.put(GROUPS + "/" + group, "{'displayName':'Engineers'," + members + "}");

        assertThat(reaching.flows()).isEqualTo(1);
        assertThat(world.world().audit(1).getFirst().toString()).isEqualTo(audited);
    }

    /** Whoever disabled somebody enables them again. */
    @Test
    void shouldLeaveDisabledWhomAnAdminHasDisabled() throws Exception {
        String user = world.user("ada");
        world.admin().patch("/actors/" + user, "{'actor':{'disabled':true}}");
        patch(user, "{'op':'replace','value':{'active':false}}");
        patch(user, "{'op':'replace','value':{'active':true}}");
        assertThat(actor(user).path("disabled_at").isNull()).isFalse();

        world.admin().patch("/actors/" + user, "{'actor':{'disabled':false}}");
        patch(user, "{'op':'replace','value':{'active':false}}");
        var refused = world.admin().patch("/actors/" + user, "{'actor':{'disabled':false}}");
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().at("/error/message").asText()).contains("enable them there");
        for (String body : List.of("{'actor':{'name':'Else'}}", "{'actor':{'email':'else@example.com'}}")) {
            assertThat(world.admin().patch("/actors/" + user, body).status()).isEqualTo(409);
        }
        assertThat(world.admin().delete("/actors/" + user).status()).isEqualTo(409);
    }

    @Test
    void shouldKeepTheLastAdmin() throws Exception {
        String user = world.user("ada");
        world.admin().patch("/actors/" + user, "{'actor':{'type':'account_admin_user'}}");

        var refused = scim.delete(USERS + "/" + user);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.body().path("detail").asText()).contains("somebody else an admin");
        assertThat(patch(user, "{'op':'replace','value':{'active':false}}").status())
                .isEqualTo(409);
        assertThat(actor(user).path("disabled_at").isNull()).isTrue();
    }

    @Test
    void shouldRefuseTwoOfOneName() throws Exception {
        scim.post(USERS, ADA);

        var again = scim.post(USERS, ADA);
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.body().path("scimType").asText()).isEqualTo("uniqueness");
        assertThat(scim.post(USERS, "{'userName':'other','externalId':'00u1'}").status())
                .isEqualTo(409);
        String other = world.user("other");
        assertThat(patch(other, "{'op':'replace','path':'userName','value':'ADA@example.com'}")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void shouldChangeTheVersionThatIsExpected() throws Exception {
        String user = world.user("ada");
        var of = scim.with("If-Match", "W/\"1\"");

        assertThat(of.put(USERS + "/" + user, "{'userName':'ada','title':'Countess'}")
                        .header("ETag"))
                .isEqualTo("W/\"2\"");
        assertThat(of.put(USERS + "/" + user, "{'userName':'ada','title':'Baroness'}")
                        .status())
                .isEqualTo(412);
        assertThat(of.delete(USERS + "/" + user).status()).isEqualTo(412);
    }

    @Test
    void shouldSeeNothingOfAnotherDirectory() throws Exception {
        String user = world.user("ada");
        ApiCaller other = world.another(url);

        assertThat(other.get(USERS + "/" + user).status()).isEqualTo(404);
        assertThat(other.delete(USERS + "/" + user).status()).isEqualTo(404);
        assertThat(other.get(USERS).body().path("totalResults").asInt()).isZero();
        assertThat(other.post(USERS, "{'userName':'ada'}").status()).isEqualTo(201);
        assertThat(other.post(GROUPS, "{'displayName':'G','members':[{'value':'" + user + "'}]}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void shouldLetInDirectoriesOnly() throws Exception {
        for (ApiCaller stranger :
                List.of(ApiCaller.of(url, "nonsense"), world.admin(), scim.with("Authorization", "Basic eDp5"))) {
            var refused = stranger.get(USERS);
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.header("WWW-Authenticate")).isEqualTo("Bearer");
            assertThat(refused.body().path("schemas").path(0).asText()).endsWith(":Error");
        }
        assertThat(scim.get("/actors").status()).as("a directory is no admin").isEqualTo(401);

        world.admin().patch("/directories/" + world.directory(), "{'directory':{'disabled':true}}");
        assertThat(scim.get(USERS).status()).isEqualTo(403);
        world.admin().patch("/directories/" + world.directory(), "{'directory':{'disabled':false}}");
        assertThat(scim.get(USERS).status()).isEqualTo(200);

        assertThat(world.admin()
                        .delete("/directories/" + world.directory() + "/tokens")
                        .status())
                .isEqualTo(200);
        assertThat(scim.get(USERS).status()).isEqualTo(401);
    }

    @Test
    void shouldSayWhatItCanDo() throws Exception {
        String root = "/integrations/scim/v2/";
        assertThat(scim.get(root + "ServiceProviderConfig")
                        .body()
                        .at("/patch/supported")
                        .asBoolean())
                .isTrue();
        assertThat(scim.get(root + "ResourceTypes").body().path("totalResults").asInt())
                .isEqualTo(2);
        assertThat(scim.get(root + "ResourceTypes/User").body().path("endpoint").asText())
                .isEqualTo("/Users");
        assertThat(scim.get(root + "Schemas").body().path("totalResults").asInt())
                .isEqualTo(3);
        assertThat(scim.get(root + "Schemas/" + ENTERPRISE).status()).isEqualTo(200);
        assertThat(scim.get(root + "Schemas/other").status()).isEqualTo(404);
        assertThat(scim.post(root + "Bulk", "{}").status()).isEqualTo(501);
    }
}
