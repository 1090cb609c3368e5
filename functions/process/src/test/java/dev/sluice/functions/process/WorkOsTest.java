package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.auth.TokenService;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.directory.sync.DirectorySync;
import dev.sluice.functions.directory.workos.WorkOsStandIn;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A directory that is linked at WorkOS: set up, asked, and heard of by its webhook. */
@QuarkusTest
@TestProfile(WorkOsProfile.class)
@WithTestResource(DatabaseTestResource.class)
class WorkOsTest {
    private static final String WEBHOOK = "/integrations/workos/webhooks";

    @TestHTTPResource("/")
    URI url;

    @Inject
    Transactions transactions;

    @Inject
    TokenService tokens;

    @Inject
    TokenKey key;

    @Inject
    DirectorySync sync;

    private final WorkOsStandIn workos = WorkOsProfile.workos();
    private World world;
    private ApiCaller api;
    private UUID directory;
    private String path;

    @BeforeEach
    void aLinkedDirectory() throws Exception {
        world = new World(transactions, key);
        api = ApiCaller.of(url, world, tokens);
        directory = UUID.fromString(api.post("/directories", "{'directory':{'name':'JumpCloud','type':'workos'}}")
                .id());
        path = "/directories/" + directory;
        IntStream.range(0, 20).forEach(number -> workos.person("u" + number, "User " + number, true));
        workos.group("g1", "Engineers", "u1", "u2");
        var link = api.post(path + "/setup_links", "{'setup_link':{'return_url':'https://acme.example/'}}");
        assertThat(link.data().path("url").asText()).startsWith("https://setup.workos.example/");
        sync.run(world.accountId, directory);
        assertThat(sync().path("error").isNull()).as(sync().toString()).isTrue();
    }

    /** The next test's directory is linked, too. */
    @AfterEach
    void forget() {
        world.execute("DELETE FROM directory_run WHERE directory_id = ?", directory);
        world.execute("UPDATE directory SET source_id = NULL WHERE id = ?", directory);
        workos.recover();
        IntStream.range(0, 40).forEach(number -> workos.removePerson("u" + number));
        workos.removeGroup("g1");
    }

    private JsonNode sync() throws Exception {
        return api.get(path).data().path("sync");
    }

    private String body(String event, String person) {
        String data = event.startsWith("dsync.user.")
                ? "{\"id\":\"directory_user_" + person + "\",\"idp_id\":\"" + person + "\",\"directory_id\":\""
                        + WorkOsStandIn.SOURCE + "\"}"
                : event.startsWith("dsync.group.")
                        ? "{\"directory_id\":\"" + WorkOsStandIn.SOURCE + "\",\"group\":{\"id\":\"g1\"}}"
                        : "{\"id\":\"" + WorkOsStandIn.SOURCE + "\",\"state\":\"deleting\"}";
        return "{\"id\":\"event_" + Ids.next() + "\",\"event\":\"" + event + "\",\"data\":" + data + "}";
    }

    private ApiCaller.Answer tell(String event, String person) throws Exception {
        return tell(body(event, person));
    }

    private ApiCaller.Answer tell(String body) throws Exception {
        return send(body, WorkOsStandIn.signature(body, Instant.now(), WorkOsStandIn.SECRET));
    }

    private ApiCaller.Answer send(String body, String signature) throws Exception {
        return ApiCaller.of(url, "none").with("WorkOS-Signature", signature).post(WEBHOOK, body);
    }

    private JsonNode actor(String person) throws Exception {
        List<String> ids = world.texts(
                "SELECT id::text AS v FROM directory_user WHERE directory_id = ? AND external_id = ?",
                directory,
                person);
        return ids.isEmpty()
                ? api.get("/actors/" + directory).data()
                : api.get("/actors/" + ids.getFirst()).data();
    }

    private ScimWorld.Reaching reach(String person) throws Exception {
        String group = world.texts("SELECT id::text AS v FROM directory_group WHERE directory_id = ?", directory)
                .getFirst();
        var reaching = new ScimWorld(world, api, directory, api)
                .reach(actor(person).path("id").asText(), group);
        assertThat(reaching.isGranted()).isTrue();
        return reaching;
    }

    @Test
    void shouldReadWhoThereIs() throws Exception {
        JsonNode shown = api.get(path).data();

        assertThat(shown.path("users").asInt()).isEqualTo(20);
        assertThat(shown.path("groups").asInt()).isEqualTo(1);
        assertThat(shown.path("linked").asBoolean()).isTrue();
        assertThat(shown.path("sync").path("succeeded_at").isNull()).isFalse();
        assertThat(shown.path("sync").path("next_at").isNull()).isFalse();
        assertThat(api.get(path + "/runs")
                        .data()
                        .path(0)
                        .path("counts")
                        .path("members_added")
                        .asInt())
                .as("by listing each group, since users say no groups")
                .isEqualTo(2);
        assertThat(api.get("/actor_groups?called=Engineers").data()).hasSize(1);
    }

    @Test
    void shouldTakeSomebodyOutAtOnceWhenItHearsOfIt() throws Exception {
        var suspended = reach("u1");
        workos.person("u1", "User 1", false);
        assertThat(tell("dsync.user.updated", "u1").status()).isEqualTo(200);
        assertThat(suspended.flows()).isZero();
        assertThat(actor("u1").path("disabled_at").isNull()).isFalse();

        workos.removePerson("u2");
        assertThat(tell("dsync.user.deleted", "u2").status()).isEqualTo(200);
        assertThat(world.count(
                        "SELECT count(*) FROM directory_user WHERE directory_id = ? AND external_id = 'u2'", directory))
                .isZero();

        workos.person("u30", "New", true);
        tell("dsync.user.created", "u30");
        assertThat(actor("u30").path("name").asText()).isEqualTo("New");
    }

    /** An event says that there is something to be read, and nothing else. */
    @Test
    void shouldBelieveWhatItReadsAndNotWhatItIsTold() throws Exception {
        var reaching = reach("u1");
        for (String event : List.of("dsync.user.deleted", "dsync.user.updated", "dsync.user.created")) {
            assertThat(tell(event, "u1").status()).isEqualTo(200);
        }
        assertThat(reaching.flows()).isEqualTo(1);
        assertThat(actor("u1").path("disabled_at").isNull()).isTrue();
    }

    @Test
    void shouldTakeAnEventOnce() throws Exception {
        var reaching = reach("u1");
        String event = body("dsync.user.updated", "u1");
        assertThat(tell(event).status()).isEqualTo(200);
        workos.forgetRequests();
        assertThat(tell(event).status()).isEqualTo(200);
        assertThat(workos.requests()).isEmpty();
        assertThat(reaching.flows()).isEqualTo(1);
    }

    @Test
    void shouldHaveItComeAgainWhereWorkOsCannotBeAsked() throws Exception {
        workos.person("u1", "User 1", false);
        String event = body("dsync.user.updated", "u1");
        workos.fail(500, 100);
        assertThat(tell(event).status()).isEqualTo(503);
        workos.recover();
        assertThat(tell(event).status()).isEqualTo(200);
        assertThat(actor("u1").path("disabled_at").isNull()).isFalse();
    }

    /** It would find the same each time. */
    @Test
    void shouldRecordWhatCanNeverBeDone() throws Exception {
        world.execute(
                "UPDATE actor SET type = 'admin' WHERE id = ?::uuid",
                actor("u1").path("id").asText());
        workos.removePerson("u1");
        String event = body("dsync.user.deleted", "u1");

        assertThat(tell(event).status()).isEqualTo(200);

        assertThat(actor("u1").path("name").asText()).isEqualTo("User 1");
        workos.forgetRequests();
        assertThat(tell(event).status()).isEqualTo(200);
        assertThat(workos.requests()).isEmpty();
    }

    @Test
    void shouldAskSoonWhereAGroupHasChanged() throws Exception {
        for (String event : List.of("dsync.group.updated", "dsync.group.user_removed", "dsync.activated")) {
            world.execute("UPDATE directory SET wanted_at = NULL WHERE id = ?", directory);
            assertThat(tell(event, "g1").status()).isEqualTo(200);
            assertThat(world.count("SELECT count(*) FROM directory WHERE id = ? AND wanted_at > now()", directory))
                    .as(event)
                    .isEqualTo(1);
        }
        assertThat(api.post(path + "/runs", "{}").status()).isEqualTo(200);
        assertThat(due()).contains(directory.toString());
    }

    private List<String> told() {
        return world.texts("SELECT subject AS v FROM outbound_mail WHERE account_id = ?", world.accountId);
    }

    private List<String> due() {
        return transactions
                .ofPortal()
                .call(transaction -> transaction.list(
                        "SELECT directory_id::text AS id FROM directories_due(1000)", row -> row.text("id")));
    }

    /** Nobody loses anything because somebody has unlinked it. */
    @Test
    void shouldRemoveNobodyWhenItIsUnlinked() throws Exception {
        var reaching = reach("u1");
        assertThat(tell("dsync.deleted", "").status()).isEqualTo(200);

        assertThat(api.get(path).data().path("disabled_at").isNull()).isFalse();
        assertThat(api.get(path).data().path("users").asInt()).isEqualTo(20);
        assertThat(reaching.flows()).isEqualTo(1);
        assertThat(sync.run(world.accountId, directory)).isFalse();
        assertThat(due()).doesNotContain(directory.toString());
        assertThat(api.post(path + "/runs", "{}").status()).isEqualTo(409);
    }

    @Test
    void shouldRefuseWhatIsForged() throws Exception {
        workos.person("u1", "User 1", false);
        String body = body("dsync.user.updated", "u1");
        Instant now = Instant.now();
        String good = WorkOsStandIn.signature(body, now, WorkOsStandIn.SECRET);
        for (String signature : List.of(
                "",
                "t=1,v1=2",
                "v1=" + "0".repeat(64),
                good.replaceFirst("v1=.", "v1=x"),
                good.substring(0, good.length() - 1) + (good.endsWith("0") ? "1" : "0"),
                WorkOsStandIn.signature(body, now, "wh_of_somebody_else"),
                WorkOsStandIn.signature(body + " ", now, WorkOsStandIn.SECRET),
                WorkOsStandIn.signature(body, now.minus(Duration.ofSeconds(190)), WorkOsStandIn.SECRET),
                WorkOsStandIn.signature(body, now.plus(Duration.ofSeconds(190)), WorkOsStandIn.SECRET))) {
            assertThat(send(body, signature).status()).as(signature).isEqualTo(400);
        }
        assertThat(ApiCaller.of(url, "none").post(WEBHOOK, body).status()).isEqualTo(400);
        assertThat(actor("u1").path("disabled_at").isNull()).isTrue();

        for (String secret : List.of(WorkOsStandIn.SECRET, WorkOsProfile.LATER_SECRET)) {
            assertThat(send(body, WorkOsStandIn.signature(body, now.minus(Duration.ofSeconds(170)), secret))
                            .status())
                    .isEqualTo(200);
        }
        assertThat(actor("u1").path("disabled_at").isNull()).isFalse();
    }

    @Test
    void shouldTakeNothingElseForAnEvent() throws Exception {
        for (String body :
                List.of("", "[]", "null", "nonsense", "{}", "{\"id\":\"e\",\"event\":\"dsync.user.updated\"}")) {
            assertThat(tell(body).status()).as(body).isEqualTo(400);
        }
        for (String body : List.of(
                "{\"id\":\"x1\",\"event\":\"connection.activated\",\"data\":{\"id\":\"c\"}}",
                "{\"id\":\"x2\",\"event\":\"dsync.user.updated\",\"data\":{\"id\":\"u\",\"directory_id\":\"another\"}}",
                "{\"id\":\"x3\",\"event\":\"dsync.user.updated\",\"data\":{}}")) {
            assertThat(tell(body).status()).as(body).isEqualTo(200);
        }
        assertThat(tell("x".repeat((1 << 20) + 1)).status()).isEqualTo(413);
    }

    @Test
    void shouldHoldWhatIsSuspiciousUntilAnAdminDecides() throws Exception {
        IntStream.range(0, 10).forEach(number -> workos.removePerson("u" + number));
        sync.run(world.accountId, directory);
        assertThat(sync().path("held_users").asInt()).isEqualTo(10);
        assertThat(told()).containsExactly("The directory JumpCloud does not mention many any more");
        var held = api.get(path + "/held").data();
        assertThat(held).hasSize(10);
        assertThat(held.findValuesAsText("actor")).contains("User 1");

        assertThat(api.post(path + "/held/apply", "").data().path("users").asInt())
                .isEqualTo(10);
        assertThat(sync().path("held_users").asInt()).isZero();
        assertThat(api.post(path + "/held/apply", "").status()).isEqualTo(409);

        IntStream.range(10, 16).forEach(number -> workos.removePerson("u" + number));
        sync.run(world.accountId, directory);
        assertThat(sync().path("held_users").asInt()).isEqualTo(6);
        assertThat(api.post(path + "/held/discard", "").data().path("users").asInt())
                .isEqualTo(10);
        assertThat(sync().path("held_users").asInt()).isZero();
    }

    @Test
    void shouldSayWhatIsWrongWithIt() throws Exception {
        workos.fail(401, 100);
        sync.run(world.accountId, directory);
        assertThat(sync().path("error").asText()).contains("401", "WorkOS has something against it");
        assertThat(sync().path("failures").asInt()).isEqualTo(1);
        assertThat(told()).containsExactly("The directory JumpCloud cannot be read");
        assertThat(sync().path("succeeded_at").isNull()).isFalse();
        assertThat(api.post(path + "/setup_links", "{'setup_link':{}}").status())
                .isEqualTo(409);
    }

    @Test
    void shouldKeepASecretThatItNeverShows() throws Exception {
        String entra = "{'name':'Entra','type':'entra','tenant_id':'11111111-2222-3333-4444-555555555555',"
                + "'client_id':'99999999-2222-3333-4444-555555555555'";
        assertThat(api.post("/directories", "{'directory':" + entra + "}}").status())
                .as("without its secret")
                .isEqualTo(422);
        var made = api.post("/directories", "{'directory':" + entra + ",'client_secret':'top-secret'}}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.body().toString() + api.get("/directories").body()).doesNotContain("top-secret");
        assertThat(world.count(
                        "SELECT count(*) FROM directory WHERE id = ?::uuid AND client_secret IS NOT NULL"
                                + " AND position('top-secret'::bytea IN client_secret) = 0",
                        made.id()))
                .isEqualTo(1);
        assertThat(api.get("/audit_entries").body().toString()).doesNotContain("top-secret");
        assertThat(api.patch("/directories/" + made.id(), "{'directory':{'name':'Azure'}}")
                        .status())
                .isEqualTo(200);
        assertThat(api.patch(path, "{'directory':{'client_secret':'x'}}").status())
                .isEqualTo(422);
    }
}
