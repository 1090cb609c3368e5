package dev.sluice.functions.emulator;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.functions.emulator.LambdaService.FunctionError;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket API before a function, as hard as API Gateway. It knows no paths below its stages; what stands before it leads
 * {@code /client/websocket} and its like to them. What a device says is handed over message by message, at once and in no
 * order; what it is told comes as posts, of which two at a time may pass each other. It says that a connection has ended if
 * it pleases, and ends each after a while.
 */
public final class WebSocketApi implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String API = "a1b2c3d4e5";
    private static final int LONGEST_FRAME = 32 * 1024;
    private static final int LONGEST_MESSAGE = 128 * 1024;
    private static final int NORMAL = 1000;
    private static final int GOING_AWAY = 1001;
    private static final int OK = 200;
    private static final int FORBIDDEN = 403;
    private static final int GONE = 410;
    private static final int TOO_LARGE = 413;
    private static final int THROTTLED = 429;
    private static final int FAILED = 500;

    /** How hard it is. */
    public static final class Hardness {
        private Duration life = Duration.ofHours(2);
        private BooleanSupplier tellsEnds = () -> true;
        private BooleanSupplier throttles = () -> false;

        /** After which each connection is ended. */
        public Hardness life(Duration duration) {
            life = duration;
            return this;
        }

        /** Whether the function is told of a connection's end. */
        public Hardness tellsEnds(BooleanSupplier whether) {
            tellsEnds = whether;
            return this;
        }

        /** Whether a post is one too many now. */
        public Hardness throttles(BooleanSupplier whether) {
            throttles = whether;
            return this;
        }
    }

    private record Held(ServerWebSocket socket, String stage) {}

    private final LambdaService function;
    private final Hardness hardness;
    private final Vertx vertx = Vertx.vertx();
    private final Map<String, Held> held = new ConcurrentHashMap<>();
    private final HttpServer devices;
    private final HttpServer posts;

    /**
     * Opens it.
     *
     * @param port to listen at; 0 for any
     * @param postsPort of the {@code @connections}; 0 for any
     * @param others takes the requests that open no WebSocket
     */
    public WebSocketApi(
            LambdaService function,
            String host,
            int port,
            int postsPort,
            Hardness hardness,
            Handler<HttpServerRequest> others) {
        this.function = function;
        this.hardness = hardness;
        devices = vertx.createHttpServer(new HttpServerOptions()
                        .setMaxWebSocketFrameSize(LONGEST_FRAME)
                        .setMaxWebSocketMessageSize(LONGEST_MESSAGE)
                        .setMaxHeaderSize(10 * 1024))
                .requestHandler(others)
                .webSocketHandler(this::connect)
                .listen(port, host)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        posts = vertx.createHttpServer()
                .requestHandler(this::post)
                .listen(postsPort, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** Where devices connect. */
    public URI base() {
        return URI.create("http://127.0.0.1:" + devices.actualPort());
    }

    /** Where posts are taken, without the stage. */
    public URI posts() {
        return URI.create("http://127.0.0.1:" + posts.actualPort());
    }

    private static @Nullable String stage(String path) {
        return switch (path) {
            case "/client/websocket", "/client" -> "client";
            case "/client/v2/websocket", "/client-v2" -> "client-v2";
            case "/gateway/websocket", "/gateway" -> "gateway";
            case "/gateway/v2/websocket", "/gateway-v2" -> "gateway-v2";
            default -> null;
        };
    }

    private void connect(ServerWebSocket socket) {
        String stage = stage(socket.path());
        if (stage == null) {
            socket.reject(FORBIDDEN);
            return;
        }
        String id = UUID.randomUUID().toString().replace("-", "").substring(0, 15) + "=";
        Promise<Integer> answered = Promise.promise();
        socket.setHandshake(answered.future());
        var event = event("CONNECT", "$connect", stage, id);
        var headers = event.putObject("headers");
        socket.headers().forEach(headers::put);
        query(event, socket.query());
        socket.frameHandler(null);
        socket.textMessageHandler(text -> message(stage, id, text));
        socket.exceptionHandler(failure -> {});
        socket.closeHandler(ignored -> ended(stage, id));
        Thread.ofVirtual().start(() -> {
            int status = status(event);
            if (status != OK) {
                answered.complete(status);
                return;
            }
            held.put(id, new Held(socket, stage));
            answered.complete(101);
            vertx.setTimer(hardness.life.toMillis(), timer -> socket.close((short) GOING_AWAY));
        });
    }

    private int status(ObjectNode event) {
        try {
            return JSON.readTree(function.invoke(JSON.writeValueAsBytes(event)))
                    .path("statusCode")
                    .asInt(FAILED);
        } catch (FunctionError | IOException e) {
            return FAILED;
        }
    }

    private static void query(ObjectNode event, @Nullable String query) {
        if (query == null || query.isEmpty()) {
            return;
        }
        var parameters = event.putObject("queryStringParameters");
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            parameters.put(
                    decoded(equals < 0 ? pair : pair.substring(0, equals)),
                    equals < 0 ? "" : decoded(pair.substring(equals + 1)));
        }
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private void message(String stage, String id, String text) {
        var event = event("MESSAGE", "$default", stage, id).put("body", text);
        Thread.ofVirtual().start(() -> status(event));
    }

    private void ended(String stage, String id) {
        if (held.remove(id) != null && hardness.tellsEnds.getAsBoolean()) {
            Thread.ofVirtual().start(() -> status(event("DISCONNECT", "$disconnect", stage, id)));
        }
    }

    private static ObjectNode event(String type, String route, String stage, String id) {
        var event = JSON.createObjectNode();
        var context = event.putObject("requestContext")
                .put("routeKey", route)
                .put("eventType", type)
                .put("apiId", API)
                .put("stage", stage)
                .put("connectionId", id)
                .put("domainName", API + ".execute-api.eu-central-1.amazonaws.com");
        context.putObject("identity").put("sourceIp", "198.51.100.7");
        return event.put("isBase64Encoded", false);
    }

    /** {@code POST} and {@code DELETE} of {@code /{stage}/@connections/{id}}, signed. */
    private void post(HttpServerRequest request) {
        request.body()
                .onSuccess(body -> answer(request, body.getBytes()).onComplete(status -> {
                    HttpServerResponse response =
                            request.response().setStatusCode(status.succeeded() ? status.result() : FAILED);
                    if (response.getStatusCode() == GONE) {
                        response.putHeader("x-amzn-ErrorType", "GoneException");
                    } else if (response.getStatusCode() == THROTTLED) {
                        response.putHeader("x-amzn-ErrorType", "LimitExceededException");
                    }
                    response.end();
                }));
    }

    private Future<Integer> answer(HttpServerRequest request, byte[] body) {
        String authorization = String.valueOf(request.getHeader("Authorization"));
        String[] path = decoded(request.path()).split("/");
        if (!authorization.startsWith("AWS4-HMAC-SHA256 Credential=")
                || path.length != 4
                || !path[2].equals("@connections")) {
            return Future.succeededFuture(FORBIDDEN);
        }
        if (hardness.throttles.getAsBoolean()) {
            return Future.succeededFuture(THROTTLED);
        }
        var one = held.get(path[3]);
        if (one == null || !one.stage().equals(path[1])) {
            return Future.succeededFuture(GONE);
        }
        if (request.method().name().equals("DELETE")) {
            return one.socket().close((short) NORMAL).map(204).otherwise(204);
        }
        if (body.length > LONGEST_MESSAGE) {
            return Future.succeededFuture(TOO_LARGE);
        }
        Promise<Integer> sent = Promise.promise();
        // Of two at a time either may be the first.
        vertx.setTimer(
                1 + ThreadLocalRandom.current().nextInt(4),
                timer -> one.socket()
                        .writeTextMessage(new String(body, StandardCharsets.UTF_8))
                        .onComplete(written -> sent.complete(written.succeeded() ? OK : GONE)));
        return sent.future();
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
