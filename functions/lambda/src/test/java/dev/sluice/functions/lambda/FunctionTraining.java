package dev.sluice.functions.lambda;

import dev.sluice.functions.actor.ActorType;
import dev.sluice.functions.database.TestPostgres;
import dev.sluice.functions.emulator.FunctionCode;
import dev.sluice.functions.emulator.HttpApi;
import dev.sluice.functions.emulator.LambdaService.FunctionError;
import dev.sluice.functions.emulator.WebSocketApi;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.testing.SocketPeer;
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
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a packaged function with what it is mostly called for, where AWS has it, and has its JVM keep what it learns by that
 * for each later start (JEP 483, 514 and 515).
 */
public final class FunctionTraining {
    private static final int ROUNDS = 15;
    private static final String CACHE = "sluice.aot";
    private static final List<String> LOOKS = List.of(
            "/account",
            "/resources",
            "/policies",
            "/actors",
            "/actor_groups",
            "/gateway_groups",
            "/clients",
            "/nowhere");

    private FunctionTraining() {}

    /** Writes the cache of the package that is unpacked in the directory of the first argument. */
    public static void main(String[] arguments) throws Exception {
        Path task = Path.of(arguments[0]);
        Path cache = task.resolve(CACHE);
        Files.deleteIfExists(cache);
        Map<String, String> settings = new HashMap<>(Functions.billing("whsec_of_the_training"));
        settings.put("SLUICE_LEARNING", CACHE);
        try (var database = TestPostgres.create();
                var functions = Functions.start(
                        FunctionCode.packaged(task, Entrance.class.getName()),
                        database,
                        settings,
                        new WebSocketApi.Hardness())) {
            // Of several, the last to end would say what was learnt.
            functions.function().limit(1);
            try (var api = new HttpApi(functions.function(), "$default", "127.0.0.1", 0)) {
                train(functions, api.base(), new World(database));
            }
            functions.function().stop();
        }
        if (!Files.exists(cache)) {
            throw new IllegalStateException("No AOT cache was made; target/functions.log says why.");
        }
        System.exit(0);
    }

    private static void train(Functions functions, URI api, World world) throws Exception {
        var programs = Ids.next();
        world.actor(programs, ActorType.API_CLIENT, "Training", null);
        String token = world.tokens
                .createForActor(world.accountId, programs, null, Instant.now().plus(Duration.ofDays(1)))
                .text()
                .value();
        for (int round = 0; round < ROUNDS; round++) {
            for (String look : LOOKS) {
                send(api, token, "GET", look, null);
            }
            send(api, token, "POST", "/gateway_groups", "{\"gateway_group\":{\"name\":\"Site " + round + "\"}}");
            send(api, token, "POST", "/integrations/stripe/webhooks", "{}");
            flow(functions, world);
        }
        for (String period : List.of("PT1M", "PT5M", "PT1H", "PT24H")) {
            invoke(functions, "{\"schedule\":\"" + period + "\"}");
        }
    }

    private static void flow(Functions functions, World world) throws Exception {
        var client = new SocketPeer.Identity("client", world.clientTokenText, "client", World.key(), true);
        var gateway = new SocketPeer.Identity("gateway", world.gatewayTokenText, "gateway", World.key(), true);
        try (var c = SocketPeer.join(functions.sockets(), client)) {
            try (var g = SocketPeer.join(functions.sockets(), gateway)) {
                c.send("{\"topic\":\"phoenix\",\"event\":\"heartbeat\",\"payload\":{},\"ref\":9}");
                c.await("phx_reply");
                c.send("create_flow", "{\"resource_id\":\"" + world.resourceId + "\",\"connected_gateway_ids\":[]}");
                var asked = g.await("authorize_flow");
                g.send("flow_authorized", "{\"ref\":" + asked.payload().path("ref") + "}");
                c.await("flow_created");
            }
        }
    }

    private static void invoke(Functions functions, String event) throws FunctionError {
        functions.function().invoke(event.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(URI api, String token, String method, String path, String body) throws Exception {
        var request = HttpRequest.newBuilder(api.resolve(path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json");
        HttpResponse<String> answer;
        try (var http = HttpClient.newHttpClient()) {
            answer = http.send(request.build(), BodyHandlers.ofString());
        }
        if (answer.statusCode() >= 500) {
            throw new IllegalStateException(path + ": " + answer.body());
        }
    }
}
