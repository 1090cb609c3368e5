package dev.sluice.functions.process;

import static dev.sluice.functions.process.ScimWorld.GROUPS;
import static dev.sluice.functions.process.ScimWorld.USERS;
import static org.assertj.core.api.Assertions.assertThat;

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
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What no client of a directory should send. Each is told so, in SCIM's form, and nothing comes of it. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class ScimBadInputTest {
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
    private String user;

    @BeforeEach
    void aUser() throws Exception {
        world = ScimWorld.of(url, transactions, tokens, key);
        scim = world.scim();
        user = world.user("ada");
    }

    private void refused(ApiCaller.Answer answer, String type, String of) throws Exception {
        assertThat(answer.status()).as("%s: %s", of, answer.body()).isEqualTo(400);
        assertThat(answer.body().path("scimType").asText()).as(of).isEqualTo(type);
        assertThat(answer.body().path("detail").asText()).as(of).endsWith(".");
        assertThat(scim.get(USERS + "/" + user).header("ETag")).as(of).isEqualTo("W/\"1\"");
    }

    @Test
    void shouldRefuseBodiesThatAreNone() throws Exception {
        String base64 = Base64.getEncoder().encodeToString("{\"userName\":\"ada\"}".getBytes(StandardCharsets.UTF_8));
        for (String body : List.of("", "[]", "null", "{", base64, "{'a':".repeat(5000) + "1" + "}".repeat(5000))) {
            refused(scim.post(USERS, body), "invalidSyntax", body.isEmpty() ? "nothing" : body.substring(0, 1));
            refused(scim.put(USERS + "/" + user, body), "invalidSyntax", "put");
            refused(scim.patch(USERS + "/" + user, body), "invalidSyntax", "patch");
            refused(scim.post(GROUPS, body), "invalidSyntax", "group");
        }
        byte[] latin = "{\"userName\":\"J\u00fcrgen\"}".getBytes(StandardCharsets.ISO_8859_1);
        var request = HttpRequest.newBuilder(url.resolve(USERS)).POST(HttpRequest.BodyPublishers.ofByteArray(latin));
        scim.headers().forEach(request::header);
        try (var http = HttpClient.newHttpClient()) {
            assertThat(http.send(request.build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void shouldRefuseValuesThatCannotBe() throws Exception {
        for (String body : List.of(
                "{}",
                "{'userName':''}",
                "{'userName':7}",
                "{'userName':'a\\nb'}",
                "{'userName':'" + "a".repeat(256) + "'}",
                "{'userName':'b','externalId':[]}",
                "{'userName':'b','active':'perhaps'}",
                "{'userName':'b','title':'" + "x".repeat(70_000) + "'}")) {
            refused(scim.post(USERS, body), "invalidValue", body.substring(0, Math.min(40, body.length())));
        }
        refused(scim.post(USERS, "{'userName':'b','title':'\\u0000'}"), "invalidValue", "zero");
        refused(scim.post(GROUPS, "{'members':[]}"), "invalidValue", "no name");
    }

    @Test
    void shouldKeepNamesOfAllTheWorld() throws Exception {
        String id = scim.post(USERS, "{'userName':'Ма́ша','displayName':'Ма́ша 🙂','emails':'none'}")
                .body()
                .path("id")
                .asText();
        assertThat(world.admin().get("/actors/" + id).data().path("name").asText())
                .isEqualTo("Ма́ша 🙂");
        assertThat(scim.get(USERS + "?filter=" + encoded("userName eq \"МА́ША\""))
                        .body()
                        .path("totalResults")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void shouldRefusePatchesThatLeadNowhere() throws Exception {
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put("{'op':'replace','path':'favourite','value':'green'}", "invalidPath");
        wrong.put("{'op':'replace','path':'name..x','value':'green'}", "invalidPath");
        wrong.put("{'op':'replace','path':'emails[type','value':'green'}", "invalidPath");
        wrong.put("{'op':'replace','path':'" + "a".repeat(2000) + "','value':'green'}", "invalidPath");
        wrong.put("{'op':'replace','path':'urn:example:User:x','value':'green'}", "invalidPath");
        wrong.put("{'op':'replace','path':'id','value':'other'}", "mutability");
        wrong.put("{'op':'replace','path':'meta.created','value':'other'}", "mutability");
        wrong.put("{'op':'replace','path':'emails[type co \\\"w\\\"].value','value':'x'}", "noTarget");
        wrong.put("{'op':'replace','path':'userName'}", "invalidValue");
        wrong.put("{'op':'remove','path':'userName'}", "invalidValue");
        wrong.put("{'op':'replace','value':'green'}", "invalidValue");
        wrong.put("{'op':'remove'}", "invalidPath");
        wrong.put("{'op':'move','path':'title','value':'x'}", "invalidSyntax");
        wrong.put("{'op':'replace','path':7,'value':'x'}", "invalidValue");
        for (var operation : wrong.entrySet()) {
            refused(
                    scim.patch(USERS + "/" + user, "{'Operations':[" + operation.getKey() + "]}"),
                    operation.getValue(),
                    operation.getKey());
        }
        refused(scim.patch(USERS + "/" + user, "{'Operations':[]}"), "invalidSyntax", "no operation");
        refused(
                scim.patch(
                        USERS + "/" + user,
                        "{'Operations':[" + "{'op':'remove','path':'title'},".repeat(1000)
                                + "{'op':'remove','path':'title'}]}"),
                "invalidValue",
                "too many");
    }

    @Test
    void shouldRefuseFiltersThatItDoesNotKnow() throws Exception {
        for (String filter : List.of(
                "userName sw \"a\"",
                "userName eq \"a\" or userName eq \"b\"",
                "not (userName eq \"a\")",
                "favourite eq \"green\"",
                "active eq \"x\"",
                "userName eq",
                "((((",
                "userName eq \"" + "a".repeat(2_000) + "\"",
                "(".repeat(900))) {
            refused(
                    scim.get(USERS + "?filter=" + encoded(filter)),
                    "invalidFilter",
                    filter.substring(0, Math.min(40, filter.length())));
        }
        assertThat(scim.get(USERS + "?filter=" + "a".repeat(10_000)).status())
                .as("longer than any line of a request")
                .isEqualTo(414);
        refused(scim.get(USERS + "?startIndex=x"), "invalidValue", "startIndex");
        assertThat(scim.get(USERS + "?startIndex=-5&count=100000")
                        .body()
                        .path("itemsPerPage")
                        .asInt())
                .isEqualTo(1);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void shouldKnowNothingOfOtherIds() throws Exception {
        for (String id : List.of(
                "nobody",
                "00000000-0000-0000-0000-000000000000",
                world.world().actorId.toString())) {
            for (var answer : List.of(
                    scim.get(USERS + "/" + id),
                    scim.put(USERS + "/" + id, "{'userName':'x'}"),
                    scim.delete(USERS + "/" + id),
                    scim.get(GROUPS + "/" + id),
                    scim.delete(GROUPS + "/" + id))) {
                assertThat(answer.status()).isEqualTo(404);
                assertThat(answer.body().path("status").asText()).isEqualTo("404");
            }
        }
        assertThat(world.admin()
                        .get("/actors/" + world.world().actorId)
                        .data()
                        .path("disabled_at")
                        .isNull())
                .isTrue();
    }

    /** A million members, and a title of ten million characters. */
    @Test
    void shouldRefuseBodiesThatAreTooLarge() throws Exception {
        for (int size : List.of((5 << 20) + 1, 10 << 20)) {
            assertThat(scim.post(GROUPS, "x".repeat(size)).status()).isEqualTo(413);
        }
        assertThat(world.admin()
                        .post("/actor_groups", "x".repeat((1 << 20) + 1))
                        .status())
                .as("nobody else has as much")
                .isEqualTo(413);
        assertThat(scim.get(GROUPS).body().path("totalResults").asInt()).isZero();
    }
}
