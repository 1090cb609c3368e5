package dev.sluice.functions.lambda;

import dev.sluice.functions.database.DatabaseAddress;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.emulator.FunctionCode;
import dev.sluice.functions.emulator.LambdaService;
import dev.sluice.functions.emulator.LambdaService.FunctionError;
import dev.sluice.functions.emulator.WebSocketApi;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The packaged functions, and a WebSocket API before them. */
record Functions(LambdaService function, WebSocketApi api) implements AutoCloseable {
    static final FunctionCode CODE = FunctionCode.built(
            Path.of(System.getProperty("sluice.function", "target/quarkus-app")), Entrance.class.getName());
    static final Redirect LOG =
            Redirect.appendTo(Path.of("target", "functions.log").toFile());
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** What is set where accounts are billed, by a Stripe that does not answer. */
    static Map<String, String> billing(String signingSecret) {
        return Map.of(
                "BILLING_ENABLED", "true",
                "STRIPE_SECRET_KEY", "sk_test_1",
                "STRIPE_WEBHOOK_SIGNING_SECRET", signingSecret,
                "STRIPE_DEFAULT_PRICE_ID", "price_1",
                "STRIPE_API_BASE", "http://127.0.0.1:9");
    }

    static Functions start(TestDatabase database, WebSocketApi.Hardness hardness) {
        return start(CODE, database, Map.of(), hardness);
    }

    static Functions start(
            FunctionCode code, TestDatabase database, Map<String, String> settings, WebSocketApi.Hardness hardness) {
        int port = free();
        Map<String, String> all = new HashMap<>(settings);
        all.put("SLUICE_PUSH_ENDPOINT", "http://127.0.0.1:" + port);
        var function = service(code, database, all);
        return new Functions(
                function,
                new WebSocketApi(
                        function,
                        "127.0.0.1",
                        0,
                        port,
                        hardness,
                        request -> request.response().setStatusCode(403).end()));
    }

    /** The function alone. */
    static LambdaService service(TestDatabase database, Map<String, String> more) {
        return service(CODE, database, more);
    }

    private static LambdaService service(FunctionCode code, TestDatabase database, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "SLUICE_DATABASE_URL", url(database.application()),
                "SLUICE_SECRETS_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
                "STATIC_SEEDS", "true",
                "AWS_REGION", "eu-central-1",
                "AWS_ACCESS_KEY_ID", "AKIAEXAMPLE",
                "AWS_SECRET_ACCESS_KEY", "example"));
        environment.putAll(more);
        return new LambdaService(code, environment, TIMEOUT, LOG);
    }

    private static String url(DatabaseAddress address) {
        return address.jdbcUrl() + (address.jdbcUrl().contains("?") ? "&" : "?") + "user=" + address.user()
                + "&password=" + URLEncoder.encode(address.password(), StandardCharsets.UTF_8);
    }

    private static int free() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    URI sockets() {
        return api.base();
    }

    URI posts() {
        return api.posts();
    }

    /** As the schedule calls. */
    void minute() throws FunctionError {
        function.invoke("{\"schedule\":\"PT1M\"}".getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        api.close();
        function.close();
    }
}
