package dev.sluice.functions.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.functions.actor.ActorType;
import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.emulator.HttpApi;
import dev.sluice.functions.emulator.LambdaService;
import dev.sluice.functions.emulator.LambdaService.FunctionError;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.testing.World;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/** The functions as they are packaged, each in a process that stands still while it is not called. */
@ExtendWith(DatabaseExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FunctionsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String SIGNING_SECRET = "whsec_of_the_tests";
    private static final String FUNCTION = "sluice-function";
    private static final String CONNECTIONS =
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = ? AND datname = current_database()";
    private static final String MINUTE = "{\"schedule\":\"PT1M\"}";

    private TestDatabase database;
    private LambdaService function;
    private HttpApi api;
    private World world;
    private String token;

    @BeforeAll
    void start(TestDatabase created) throws Exception {
        database = created;
        function = function(Map.of());
        api = new HttpApi(function, "$default", "127.0.0.1", 0);
    }

    @AfterAll
    void stop() {
        api.close();
        function.close();
    }

    private LambdaService function(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(Functions.billing(SIGNING_SECRET));
        environment.putAll(more);
        return Functions.service(database, environment);
    }

    @BeforeEach
    void world() {
        world = new World(database);
        UUID client = Ids.next();
        world.actor(client, ActorType.API_CLIENT, "Terraform", null);
        token = world.tokens
                .createForActor(world.accountId, client, null, Instant.now().plus(Duration.ofDays(1)))
                .text()
                .value();
    }

    private HttpResponse<String> call(URI base, String method, String path, String body, String... headers)
            throws Exception {
        var request = HttpRequest.newBuilder(URI.create(base + path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("Authorization", "Bearer " + token);
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> call(String method, String path, String body, String... headers) throws Exception {
        return call(api.base(), method, path, body, headers);
    }

    private static JsonNode data(HttpResponse<String> answer) throws Exception {
        return JSON.readTree(answer.body()).path("data");
    }

    @Test
    void shouldAnswerTheApiAsAProcessDoes() throws Exception {
        var created = call("POST", "/gateway_groups", "{\"gateway_group\":{\"name\":\"Wien & Söhne, 北京\"}}");
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        String site = "/gateway_groups/" + data(created).path("id").asText();
        assertThat(created.headers().firstValue("Location")).contains("https://api.sluice.example" + site);

        var shown = call("GET", site, null);
        assertThat(data(shown).path("name").asText()).isEqualTo("Wien & Söhne, 北京");
        String tag = shown.headers().firstValue("ETag").orElseThrow();
        var listed = call("GET", "/gateway_groups?name=Wien%20%26%20S%C3%B6hne%2C%20%E5%8C%97%E4%BA%AC&limit=5", null);
        assertThat(data(listed)).hasSize(1);
        var changed = call("PUT", site, "{\"gateway_group\":{\"name\":\"Graz\"}}", "If-Match", "\"4711\", " + tag);
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        assertThat(call("PUT", site, "{\"gateway_group\":{\"name\":\"Linz\"}}", "If-Match", tag)
                        .statusCode())
                .isEqualTo(412);
        assertThat(call("DELETE", site, null).statusCode()).isEqualTo(200);
        assertThat(call("GET", site, null).statusCode()).isEqualTo(404);
        assertThat(call("GET", "/operator/accounts", null).statusCode()).isEqualTo(404);
        assertThat(call("GET", "/web/x", null).statusCode()).isEqualTo(404);
        assertThat(call("GET", "/q/metrics", null).statusCode()).isEqualTo(404);
    }

    @Test
    void shouldTakeAStageAwayFromBeforeThePath() throws Exception {
        try (var staged = new HttpApi(function, "production", "127.0.0.1", 0)) {
            assertThat(data(call(staged.base(), "GET", "/account", null))
                            .path("id")
                            .asText())
                    .isEqualTo(world.accountId.toString());
        }
    }

    @Test
    void shouldRefuseWhatIsTooLongAndSayHowLongItMayBe() throws Exception {
        assertThat(call("POST", "/gateway_groups", "x".repeat(1024 * 1024 + 1)).statusCode())
                .isEqualTo(413);
        assertThat(call("POST", "/integrations/scim/v2/Users", "x".repeat(4 * 1024 * 1024 + 1))
                        .statusCode())
                .isEqualTo(413);
        assertThat(call("POST", "/integrations/scim/v2/Users", "x".repeat(5 * 1024 * 1024))
                        .statusCode())
                .isEqualTo(413);
        // As long as it may be, it is read, and only then is it seen that it is none.
        assertThat(call("POST", "/integrations/scim/v2/Users", "x".repeat(4 * 1024 * 1024))
                        .statusCode())
                .isBetween(400, 401);
        assertThat(call("GET", "/account", null).statusCode()).isEqualTo(200);
    }

    private static String signed(String event) throws Exception {
        long now = Instant.now().getEpochSecond();
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SIGNING_SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] sum = mac.doFinal((now + "." + event).getBytes(StandardCharsets.UTF_8));
        return "t=" + now + ",v1=" + HexFormat.of().formatHex(sum);
    }

    /** The signature has a comma in it, and is of the body to the byte. */
    @Test
    void shouldTakeAWebhookOnce() throws Exception {
        String id = "evt_" + world.accountId;
        String event = "{\"id\":\"" + id + "\",\"object\":\"event\",\"type\":\"plan.created\",\"livemode\":false,"
                + "\"created\":1767225600,\"data\":{\"object\":{\"id\":\"plan_ü\"}}}";
        for (int n = 0; n < 2; n++) {
            var taken = call("POST", "/integrations/stripe/webhooks", event, "Stripe-Signature", signed(event));
            assertThat(taken.statusCode()).as(taken.body()).isEqualTo(200);
        }
        assertThat(call("POST", "/integrations/stripe/webhooks", event, "Stripe-Signature", signed(event + " "))
                        .statusCode())
                .isEqualTo(400);
        assertThat(world.count("SELECT count(*) FROM stripe_event WHERE id = ?", id))
                .isOne();
    }

    /** Nobody listens here to what a change has put into the outbox: whoever serves the channels is told before it ends. */
    @Test
    void shouldTellThoseWhoServeChannels() throws Exception {
        world.authorize();
        try (Connection connection = database.application().connect();
                var statement = connection.createStatement()) {
            statement.execute("LISTEN sluice_outbox");
            var answer = call("PUT", "/policies/" + world.policyId, "{\"policy\":{\"disabled\":true}}");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(world.flowCount()).isZero();
            assertThat(world.outbox(world.gateway)).contains("reject_access policy_disabled");
            assertThat(connection.unwrap(PGConnection.class).getNotifications(1))
                    .as("told, by the time the answer is there")
                    .isNotEmpty();
        }
    }

    @Test
    void shouldEndWhatIsOverWhenItsScheduleComesThoughItComesTwice() throws Exception {
        var flow = world.authorize();
        world.flows.expire(world.accountId, flow.flowId(), Duration.ZERO);
        List<Future<byte[]>> rounds = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int n = 0; n < 3; n++) {
                rounds.add(threads.submit(() -> function.invoke(MINUTE.getBytes(StandardCharsets.UTF_8))));
            }
            for (var round : rounds) {
                assertThat(round.get()).asString().isEqualTo("null");
            }
        }
        assertThat(world.flowCount()).isZero();
        assertThat(world.outbox(world.gateway)).containsOnlyOnce("reject_access expired");
        for (String schedule : List.of("PT5M", "PT1H", "PT24H")) {
            function.invoke(("{\"schedule\":\"" + schedule + "\"}").getBytes(StandardCharsets.UTF_8));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "\"PT1M\"",
                "{\"schedule\":\"often\"}",
                "{\"schedule\":\"PT2M\"}",
                "{\"schedule\":\"-PT1M\"}",
                "{\"Records\":[{\"eventSource\":\"aws:s3\"}]}",
                "{\"version\":\"1.0\",\"requestContext\":{\"http\":{\"method\":\"GET\"}}}",
                "{\"requestContext\":{\"eventType\":\"PING\",\"connectionId\":\"x\"}}"
            })
    void shouldRefuseAnEventThatItDoesNotKnowAndLiveOn(String event) throws Exception {
        int instances = function.instances().size();
        assertThatThrownBy(() -> function.invoke(event.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(FunctionError.class)
                .hasMessageContaining("IllegalArgumentException");
        assertThat(call("GET", "/account", null).statusCode()).isEqualTo(200);
        assertThat(function.instances().size()).isLessThanOrEqualTo(Math.max(instances, 1));
    }

    /** Its connections may have been ended meanwhile, and it cannot have noticed. */
    @Test
    void shouldStandStillBetweenTwoEventsAndGoOnAfterwards() throws Exception {
        assertThat(call("GET", "/account", null).statusCode()).isEqualTo(200);
        for (var instance : function.instances()) {
            while (!instance.isFrozen()) {
                Thread.onSpinWait();
            }
            assertThat(Files.readString(Path.of("/proc/" + instance.pid() + "/status")))
                    .contains("State:\tT");
        }
        try (Connection connection = database.superuser().connect();
                var statement = connection.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '"
                    + FUNCTION + "' AND datname = current_database()");
        }
        assertThat(call("GET", "/account", null).statusCode()).isEqualTo(200);
    }

    @Test
    void shouldHoldTwoConnectionsAtTheMost() throws Exception {
        try (var own = function(Map.of());
                var front = new HttpApi(own, "$default", "127.0.0.1", 0);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(call(front.base(), "GET", "/account", null).statusCode()).isEqualTo(200);
            String event = "{\"id\":\"evt_2" + world.accountId
                    + "\",\"object\":\"event\",\"type\":\"customer.updated\",\"livemode\":false,"
                    + "\"created\":1767225600,\"data\":{\"object\":{\"id\":\"cus_1\",\"object\":\"customer\"}}}";
            var done = new CountDownLatch(1);
            var most = threads.submit(() -> {
                long seen = 0;
                while (done.getCount() > 0) {
                    seen = Math.max(seen, world.count(CONNECTIONS, FUNCTION));
                }
                return seen;
            });
            call(front.base(), "POST", "/integrations/stripe/webhooks", event, "Stripe-Signature", signed(event));
            own.invoke(MINUTE.getBytes(StandardCharsets.UTF_8));
            own.invoke("{\"schedule\":\"PT1H\"}".getBytes(StandardCharsets.UTF_8));
            done.countDown();
            int instances = own.instances().size() + function.instances().size();
            assertThat(own.instances()).hasSize(1);
            assertThat(most.get()).isBetween(1L, 2L * instances);
        }
    }

    /** AWS has checked who they are: whoever is not known to it finds nothing there. */
    @Test
    void shouldLetOperatorsInWhomAwsKnows() throws Exception {
        try (var operators = new HttpApi(
                function, "$default", "127.0.0.1", 0, request -> "signed".equals(request.getHeader("Authorization")))) {
            for (String header : new String[] {"Sluice-Door", "X-Nothing"}) {
                assertThat(call(operators.base(), "POST", "/operator/seed", "{}", header, "ADMIN")
                                .statusCode())
                        .isEqualTo(404);
            }
            token = "";
            var request = HttpRequest.newBuilder(operators.base().resolve("/account?limit=1"))
                    .header("Authorization", "signed");
            assertThat(HTTP.send(request.build(), BodyHandlers.ofString()).statusCode())
                    .as("an operator says which account is meant")
                    .isNotEqualTo(401);
            var seeded = HttpRequest.newBuilder(operators.base().resolve("/operator/seed"))
                    .header("Authorization", "signed")
                    .POST(BodyPublishers.noBody());
            assertThat(HTTP.send(seeded.build(), BodyHandlers.ofString()).statusCode())
                    .isBetween(200, 299);
        }
    }

    @Test
    void shouldHaveThePartsAloneThatItIsDeployedWith() throws Exception {
        try (var own = function(Map.of("SLUICE_FUNCTION", "stripe"));
                var front = new HttpApi(own, "$default", "127.0.0.1", 0)) {
            assertThat(call(front.base(), "GET", "/account", null).statusCode()).isEqualTo(404);
            assertThat(call(front.base(), "GET", "/integrations/scim/v2/Users", null)
                            .statusCode())
                    .isEqualTo(404);
            assertThat(call(front.base(), "POST", "/integrations/stripe/webhooks", "{}")
                            .statusCode())
                    .isEqualTo(400);
            assertThatThrownBy(() -> own.invoke(MINUTE.getBytes(StandardCharsets.UTF_8)))
                    .hasMessageContaining("jobs");
        }
    }

    @Test
    void shouldSayWhatIsMissingWhenItCannotStart() {
        try (var own = new LambdaService(Functions.CODE, Map.of(), Duration.ofSeconds(30), Functions.LOG)) {
            assertThatThrownBy(() -> own.invoke(MINUTE.getBytes(StandardCharsets.UTF_8)))
                    .hasMessageContaining("SLUICE_DATABASE_URL");
        }
    }
}
