package dev.sluice.functions.lambda;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.Doors;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.RequestOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Hands the requests of events to the routes that a process has, through a listener of the function's own: what holds of a
 * request there, its limits and its headers with commas in them, holds here.
 */
@ApplicationScoped
class Requests {
    private static final String LOOPBACK = "127.0.0.1";
    private static final String CLEAR = "http://";
    private static final String TLS = "https://";

    /** An answer that the platform takes is no longer, as the event that it is sent in. */
    private static final int LONGEST_ANSWER = 6 * 1024 * 1024;

    /** Of the connection between the two, which is another one; and what only a proxy that is trusted may say. */
    private static final Set<String> NOT_HANDED_ON = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "keep-alive",
            "sluice-door",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "x-forwarded-for",
            "x-geo-location-coordinates",
            "x-geo-location-region");

    private static final Set<String> NOT_HANDED_BACK =
            Set.of("connection", "content-length", "set-cookie", "transfer-encoding");

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS");

    private static final Logger LOG = Logger.getLogger(Requests.class);

    /** Names the door to the listener, with what nobody else knows. */
    private static final String DOOR = "Sluice-Door";

    private final Vertx vertx;
    private final String operator = UUID.randomUUID().toString();
    private @Nullable HttpServer server;
    private @Nullable HttpClient client;

    @Inject
    Requests(Vertx vertx) {
        this.vertx = vertx;
    }

    void start(@Observes StartupEvent event) {
        server = vertx.createHttpServer(new HttpServerOptions().setMaxHeaderSize(16 * 1024))
                .requestHandler(request ->
                        Doors.enter(operator.equals(request.getHeader(DOOR)) ? Door.ADMIN : Door.API, request))
                .listen(0, LOOPBACK)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        client = vertx.createHttpClient();
    }

    /** Whether something may be otherwise once the request is answered (RFC 9110 section 9.2.1). */
    static boolean mayChange(JsonNode event) {
        return !SAFE.contains(
                event.path("requestContext").path("http").path("method").asText());
    }

    /**
     * Answers a request of format version 2.0.
     *
     * @param parts to which it may lead
     */
    ObjectNode answer(JsonNode event, Set<Part> parts, Duration within) {
        String path = path(event);
        boolean isOperator = isSigned(event) && parts.contains(Part.OPERATOR);
        if (!isOperator && !parts.contains(Part.of(path))) {
            return refusal(404, "This function does not have it.");
        }
        try {
            return send(event, path, isOperator).get(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return refusal(504, "It takes longer than this function may. What was asked for may have been done.");
        } catch (ExecutionException e) {
            LOG.warnf("a request was not answered: %s", e.getCause());
            return refusal(500, "Something went wrong here.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return refusal(500, "The function was stopped.");
        }
    }

    /** Whether AWS knows who it comes from, and that they may call this: what is deployed so is for operators. */
    private static boolean isSigned(JsonNode event) {
        return event.path("requestContext")
                .path("authorizer")
                .path("iam")
                .path("userArn")
                .isTextual();
    }

    /** Without the stage that stands before it where there is one. */
    private static String path(JsonNode event) {
        String path = event.path("rawPath").asText("/");
        String stage = "/" + event.path("requestContext").path("stage").asText("$default");
        return path.equals(stage) ? "/" : path.startsWith(stage + "/") ? path.substring(stage.length()) : path;
    }

    private CompletableFuture<ObjectNode> send(JsonNode event, String path, boolean isOperator) {
        String query = event.path("rawQueryString").asText("");
        var options = new RequestOptions()
                .setHost(LOOPBACK)
                .setPort(server == null ? 0 : server.actualPort())
                .setMethod(HttpMethod.valueOf(
                        event.path("requestContext").path("http").path("method").asText()))
                .setURI(query.isEmpty() ? path : path + "?" + query);
        var answered = new CompletableFuture<ObjectNode>();
        // From one event loop to the end: nothing of an answer comes before somebody listens.
        vertx.getOrCreateContext()
                .runOnContext(ignored -> client().request(options)
                        .compose(request -> {
                            headers(event, request);
                            if (isOperator) {
                                request.putHeader(DOOR, operator);
                            }
                            return request.send(Buffer.buffer(body(event)));
                        })
                        .compose(Requests::read)
                        .onSuccess(answered::complete)
                        .onFailure(answered::completeExceptionally));
        return answered;
    }

    private HttpClient client() {
        if (client == null) {
            throw new IllegalStateException("a request before the start");
        }
        return client;
    }

    private static void headers(JsonNode event, HttpClientRequest request) {
        for (Map.Entry<String, JsonNode> header : event.path("headers").properties()) {
            if (!NOT_HANDED_ON.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                request.putHeader(header.getKey(), header.getValue().asText());
            }
        }
        var cookies = event.path("cookies");
        if (!cookies.isEmpty()) {
            var all = new StringBuilder();
            cookies.forEach(cookie -> all.append(all.isEmpty() ? "" : "; ").append(cookie.asText()));
            request.putHeader("Cookie", all.toString());
        }
        var http = event.path("requestContext");
        request.putHeader("Host", http.path("domainName").asText("localhost"));
        request.putHeader("X-Forwarded-For", http.path("http").path("sourceIp").asText(LOOPBACK));
    }

    private static byte[] body(JsonNode event) {
        String body = event.path("body").asText("");
        return event.path("isBase64Encoded").asBoolean()
                ? Base64.getDecoder().decode(body)
                : body.getBytes(StandardCharsets.UTF_8);
    }

    private static Future<ObjectNode> read(HttpClientResponse response) {
        return response.body().map(body -> {
            var answer = JsonNodeFactory.instance.objectNode().put("statusCode", response.statusCode());
            var headers = answer.putObject("headers");
            response.headers().names().forEach(name -> {
                if (!NOT_HANDED_BACK.contains(name.toLowerCase(Locale.ROOT))) {
                    headers.put(name, String.join(", ", response.headers().getAll(name)));
                }
            });
            String location = response.getHeader("Location");
            if (location != null && location.startsWith(CLEAR)) {
                // TLS ends before the function, always.
                headers.put("Location", TLS + location.substring(CLEAR.length()));
            }
            var cookies = answer.putArray("cookies");
            response.cookies().forEach(cookies::add);
            byte[] bytes = body.getBytes();
            String text = text(bytes);
            answer.put("body", text == null ? Base64.getEncoder().encodeToString(bytes) : text)
                    .put("isBase64Encoded", text == null);
            return bytes.length < LONGEST_ANSWER && answer.toString().length() < LONGEST_ANSWER
                    ? answer
                    : refusal(
                            500, "The answer is longer than the 6 MiB that a function can give. Ask for less at once.");
        });
    }

    /** Null if it is none. */
    private static @Nullable String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static ObjectNode refusal(int status, String message) {
        var body = JsonNodeFactory.instance.objectNode();
        body.putObject("error").put("message", message);
        var answer = JsonNodeFactory.instance.objectNode().put("statusCode", status);
        answer.putObject("headers").put("Content-Type", "application/json").put("Cache-Control", "no-store");
        return answer.put("body", body.toString()).put("isBase64Encoded", false);
    }

    void stop(@Observes ShutdownEvent event) {
        if (server != null) {
            server.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
