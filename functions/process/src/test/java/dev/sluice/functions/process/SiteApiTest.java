package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.auth.TokenService;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The API, by the example of sites. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class SiteApiTest {
    private static final String SITES = "/gateway_groups";

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
    void shouldCreateShowRenameAndDelete() throws Exception {
        var created = api.post(SITES, "{'gateway_group':{'name':'Vienna'}}");
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("Location")).endsWith(SITES + "/" + created.id());
        assertThat(created.data().path("name").asText()).isEqualTo("Vienna");
        assertThat(created.data().path("managed_by").asText()).isEqualTo("account");
        assertThat(created.header("ETag")).isEqualTo("\"1\"");
        assertThat(created.header("X-Request-Id")).isNotEmpty();

        assertThat(api.get(SITES + "/" + created.id()).body()).isEqualTo(created.body());
        var renamed = api.patch(SITES + "/" + created.id(), "{'gateway_group':{'name':'Graz'}}");
        assertThat(renamed.data().path("name").asText()).isEqualTo("Graz");
        assertThat(renamed.header("ETag")).isEqualTo("\"2\"");
        assertThat(api.delete(SITES + "/" + created.id()).data()).isEqualTo(renamed.data());
        assertThat(api.get(SITES + "/" + created.id()).status()).isEqualTo(404);

        assertThat(world.texts(
                        "SELECT action || ' ' || subject || ' ' || (request = ?) AS v FROM audit_entry"
                                + " WHERE object_id = ?::uuid AND action = 'site_changed'",
                        renamed.header("X-Request-Id"),
                        UUID.fromString(created.id())))
                .singleElement()
                .asString()
                .startsWith("site_changed actor ")
                .endsWith(" true");
    }

    @Test
    void shouldFireTheTriggersAsSqlByHandDoes() throws Exception {
        world.authorize();
        var byHand = new World(transactions, key);
        byHand.authorize();
        byHand.execute("DELETE FROM site WHERE id = ?", byHand.siteId);

        assertThat(api.delete(SITES + "/" + world.siteId).status()).isEqualTo(200);

        assertThat(world.flowCount()).isZero();
        assertThat(world.outbox(world.gateway)).isEqualTo(byHand.outbox(byHand.gateway));
        assertThat(world.outbox(world.client)).isEqualTo(byHand.outbox(byHand.client));
        assertThat(actions(world)).containsSubsequence("site_deleted").isEqualTo(actions(byHand));
    }

    private static List<String> actions(World of) {
        return of.texts(
                "SELECT action || coalesce(' ' || reason, '') AS v FROM audit_entry WHERE account_id = ?"
                        + " AND action NOT LIKE 'actor%' AND action NOT LIKE 'token_%created' ORDER BY id",
                of.accountId);
    }

    @Test
    void shouldPageInBothDirections() throws Exception {
        for (int i = 0; i < 5; i++) {
            api.post(SITES, "{'gateway_group':{'name':'Rack " + i + "'}}");
        }
        var first = api.get(SITES + "?limit=2&name=rACK");
        assertThat(names(first)).containsExactly("Rack 0", "Rack 1");
        assertThat(first.body().path("metadata").path("count").asLong()).isEqualTo(5);
        assertThat(first.body().path("metadata").path("limit").asLong()).isEqualTo(2);
        assertThat(first.body().path("metadata").path("prev_page").isNull()).isTrue();
        var second = api.get(SITES + "?limit=2&name=rack&page_cursor=" + cursor(first, "next_page"));
        assertThat(names(second)).containsExactly("Rack 2", "Rack 3");
        var last = api.get(SITES + "?limit=2&name=rack&page_cursor=" + cursor(second, "next_page"));
        assertThat(names(last)).containsExactly("Rack 4");
        assertThat(last.body().path("metadata").path("next_page").isNull()).isTrue();
        var back = api.get(SITES + "?limit=2&name=rack&page_cursor=" + cursor(last, "prev_page"));
        assertThat(names(back)).containsExactly("Rack 2", "Rack 3");
        var begin = api.get(SITES + "?limit=2&name=rack&page_cursor=" + cursor(back, "prev_page"));
        assertThat(names(begin)).containsExactly("Rack 0", "Rack 1");
        assertThat(begin.body().path("metadata").path("prev_page").isNull()).isTrue();

        assertThat(names(api.get(SITES + "?name=%25ack"))).isEmpty();
        for (String name : new String[] {"a_b", "axb", "50% off", "wow!", "back\\\\slash"}) {
            api.post(SITES, "{'gateway_group':{'name':'" + name + "'}}");
        }
        assertThat(names(api.get(SITES + "?name=a_"))).containsExactly("a_b");
        assertThat(names(api.get(SITES + "?name=50%25"))).containsExactly("50% off");
        assertThat(names(api.get(SITES + "?name=wow!"))).containsExactly("wow!");
        assertThat(names(api.get(SITES + "?name=back%5C"))).containsExactly("back\\slash");
    }

    private static List<String> names(ApiCaller.Answer answer) {
        return answer.data().findValuesAsText("name");
    }

    private static String cursor(ApiCaller.Answer answer, String which) {
        return answer.body().path("metadata").path(which).asText();
    }

    @Test
    void shouldRefuseACursorThatWasTamperedWith() throws Exception {
        api.post(SITES, "{'gateway_group':{'name':'One more'}}");
        String cursor = cursor(api.get(SITES + "?limit=1"), "next_page");
        for (int i = 0; i < cursor.length(); i++) {
            char other = cursor.charAt(i) == 'A' ? 'B' : 'A';
            var answer = api.get(SITES + "?page_cursor=" + cursor.substring(0, i) + other + cursor.substring(i + 1));
            assertThat(answer.status()).as("changed at %d", i).isEqualTo(400);
        }
        assertThat(api.get(SITES + "?page_cursor=" + cursor.substring(1)).status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "101", "-1", "abc", "1e1"})
    void shouldRefuseALimitThatIsNone(String limit) throws Exception {
        var answer = api.get(SITES + "?limit=" + limit);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("error").path("reason").asText()).isEqualTo("Bad Request");
        assertThat(answer.body().path("error").path("message").asText()).contains("1 to 100");
    }

    @Test
    void shouldSayWhatIsWrongWithAField() throws Exception {
        assertThat(errors("{'gateway_group':{'name':'  '}}", "name")).contains("1 to 64");
        assertThat(errors("{'gateway_group':{'name':'a\\u0000b'}}", "name")).contains("none of control");
        assertThat(api.get(SITES + "?name=%00").status()).isEqualTo(400);
        assertThat(errors("{'gateway_group':{}}", "name")).isEqualTo("is missing");
        assertThat(errors("{}", "gateway_group")).isEqualTo("is missing");
        assertThat(errors("{'gateway_group':{'name':'A','colour':'red'}}", "colour"))
                .isEqualTo("is not known here");
        assertThat(errors("{'gateway_group':{'name':['A']}}", "name"))
                .isEqualTo("is not of the type that belongs here");
        assertThat(errors("{'gateway_group':{'name':'Internet'}}", "name")).contains("already");
    }

    private String errors(String body, String field) throws Exception {
        var answer = api.post(SITES, body);
        assertThat(answer.status()).as(body).isEqualTo(422);
        var error = answer.body().path("error");
        assertThat(error.path("reason").asText()).isEqualTo("Unprocessable Entity");
        return error.path("validation_errors").path(field).path(0).asText();
    }

    @Test
    void shouldRefuseWhatIsNoJsonOrTooDeepOrTooLarge() throws Exception {
        for (String body : List.of("", "[", "{'gateway_group':", "[]", "'x'", "{}{}", "[".repeat(100_000))) {
            var answer = api.post(SITES, body);
            assertThat(answer.status()).as(body.length() > 20 ? "deep" : body).isBetween(400, 422);
            assertThat(answer.body().path("error").path("reason").asText()).isNotEmpty();
        }
        assertThat(announce((1 << 20) + 1)).startsWith("HTTP/1.1 413 ");
    }

    /** Who still sends when the connection is closed sees that it is closed, and not why. */
    @Test
    void shouldHearOutWhoSendsTooMuch() throws Exception {
        assertThat(send(10 << 20, 10 << 20)).startsWith("HTTP/1.1 413 ");
    }

    /** What is answered to a body of which nothing comes. */
    private String announce(int length) throws Exception {
        return send(length, 0);
    }

    /** What is answered once so much of a body was sent. */
    private String send(int length, int sent) throws Exception {
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("POST " + SITES + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                    + "Authorization: " + api.headers().get("Authorization") + "\r\nContent-Length: "
                                    + length + "\r\n\r\n" + "x".repeat(sent))
                            .getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    @Test
    void shouldAnswerWithProblemDetailsWhenAskedTo() throws Exception {
        var answer = api.with("Accept", "application/problem+json, application/json")
                .post(SITES, "{'gateway_group':{'name':''}}");
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.body().path("type").asText()).isEqualTo("about:blank");
        assertThat(answer.body().path("title").asText()).isEqualTo("Unprocessable Entity");
        assertThat(answer.body().path("status").asInt()).isEqualTo(422);
        assertThat(answer.body().path("errors").path("name").path(0).asText()).contains("1 to 64");
    }

    @Test
    void shouldLetOneOfTwoWritersWin() throws Exception {
        var site = api.post(SITES, "{'gateway_group':{'name':'Fought over'}}");
        var mine = api.with("If-Match", site.header("ETag"));
        List<Callable<Integer>> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String body = "{'gateway_group':{'name':'Writer " + i + "'}}";
            writers.add(() -> mine.put(SITES + "/" + site.id(), body).status());
        }
        List<Integer> statuses = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var answer : threads.invokeAll(writers)) {
                statuses.add(answer.get());
            }
        }
        assertThat(statuses).containsExactlyInAnyOrder(200, 412, 412, 412);
        assertThat(api.with("If-Match", "\"7\"").delete(SITES + "/" + site.id()).status())
                .isEqualTo(412);
        assertThat(api.with("If-Match", "nonsense")
                        .delete(SITES + "/" + site.id())
                        .status())
                .isEqualTo(412);

        world.execute("UPDATE site SET name = 'By hand' WHERE id = ?::uuid", UUID.fromString(site.id()));
        assertThat(mine.with("If-Match", "\"2\"")
                        .put(SITES + "/" + site.id(), "{'gateway_group':{'name':'Too late'}}")
                        .status())
                .isEqualTo(412);
        assertThat(api.with("If-Match", "\"1\", \"3\"")
                        .delete(SITES + "/" + site.id())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void shouldCarryOutARepeatedRequestOnce() throws Exception {
        var repeated = api.with("Idempotency-Key", "order-1");
        String body = "{'gateway_group':{'name':'Once'}}";
        var first = repeated.post(SITES, body);
        var second = repeated.post(SITES, body);
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(repeated.post(SITES, "{'gateway_group':{'name':'Other'}}").status())
                .isEqualTo(422);

        world.execute(
                "UPDATE idempotency_key SET at = now() - interval '25 hours' WHERE account_id = ?", world.accountId);
        world.execute(
                "INSERT INTO idempotency_key (account_id, key, request, at)"
                        + " SELECT ?, 'older ' || i, '', now() - interval '30 hours' FROM generate_series(1, 150) AS i",
                world.accountId);
        assertThat(repeated.post(SITES, "{'gateway_group':{'name':'Other'}}").status())
                .isEqualTo(201);
        assertThat(repeated.with("Idempotency-Key", "order-2").post(SITES, body).status())
                .as("a request that failed is no answer to keep")
                .isEqualTo(422);
        assertThat(repeated.with("Idempotency-Key", "order-2")
                        .post(SITES, "{'gateway_group':{'name':'Third'}}")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void shouldAskForAToken() throws Exception {
        for (String token : List.of("", "nonsense", world.clientTokenText, world.gatewayTokenText)) {
            var answer = ApiCaller.of(url, token).get(SITES);
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.body().path("error").path("reason").asText()).isEqualTo("Unauthorized");
            assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
        }
    }

    @Test
    void shouldShowNothingOfAnotherAccount() throws Exception {
        var other = new World(transactions, key);
        String theirs = SITES + "/" + other.siteId;
        String nowhere = SITES + "/" + Ids.next();
        for (String method : List.of("GET", "PUT", "PATCH", "DELETE")) {
            String body = method.startsWith("P") ? "{'gateway_group':{'name':'Mine'}}" : null;
            var answer = api.call(method, theirs, body);
            assertThat(answer.status()).as(method).isEqualTo(404);
            assertThat(answer.body().toString().replace(other.siteId.toString(), "ID"))
                    .isEqualTo(api.call(method, nowhere, body)
                            .body()
                            .toString()
                            .replace(nowhere.substring(SITES.length() + 1), "ID"));
        }
        assertThat(names(api.get(SITES))).containsExactlyInAnyOrder("Internet", "Site");
    }

    @Test
    void shouldLeaveTheSiteOfTheInternetAlone() throws Exception {
        String id = api.get(SITES + "?name=Internet").data().path(0).path("id").asText();
        assertThat(api.delete(SITES + "/" + id).status()).isEqualTo(409);
        assertThat(api.put(SITES + "/" + id, "{'gateway_group':{'name':'Mine'}}")
                        .status())
                .isEqualTo(409);
    }

    @Test
    void shouldSayWhatThereIsToSayElsewhere() throws Exception {
        assertThat(api.get("/nowhere").status()).isEqualTo(404);
        assertThat(api.get(SITES + "/no-id").status()).isEqualTo(404);
        assertThat(api.delete(SITES).status()).isEqualTo(405);
        assertThat(api.with("Accept", "text/html").get(SITES).status()).isEqualTo(406);
    }
}
