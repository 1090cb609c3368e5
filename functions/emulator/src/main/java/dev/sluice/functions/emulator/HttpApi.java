package dev.sluice.functions.emulator;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.functions.emulator.LambdaService.FunctionError;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.function.Predicate;

/** An HTTP API before a function: what comes is an event of payload format version 2.0, with all that is lost in that. */
public final class HttpApi implements Handler<HttpServerRequest>, AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LambdaService function;
    private final String stage;
    private final Predicate<HttpServerRequest> signed;
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;

    /**
     * Opens it.
     *
     * @param stage which stands before each path; {@code $default} for the one that does not
     * @param port to listen at; 0 for any
     */
    public HttpApi(LambdaService function, String stage, String host, int port) {
        this(function, stage, host, port, request -> false);
    }

    /** @param signed stands in for a signature of somebody whom AWS knows, and who may call this */
    public HttpApi(LambdaService function, String stage, String host, int port, Predicate<HttpServerRequest> signed) {
        this.function = function;
        this.stage = stage;
        this.signed = signed;
        server = vertx.createHttpServer()
                .requestHandler(this)
                .listen(port, host)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** What stands before each path. */
    public URI base() {
        return URI.create("http://127.0.0.1:" + server.actualPort() + (stage.equals("$default") ? "" : "/" + stage));
    }

    @Override
    public void handle(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            var event = event(request, body.getBytes());
            Thread.ofVirtual().start(() -> answer(request, event));
        });
    }

    private ObjectNode event(HttpServerRequest request, byte[] body) {
        var event = JSON.createObjectNode();
        event.put("version", "2.0").put("routeKey", "$default");
        event.put("rawPath", request.path());
        event.put("rawQueryString", request.query() == null ? "" : request.query());
        var headers = event.putObject("headers");
        for (String name : request.headers().names()) {
            if (name.equalsIgnoreCase("cookie")) {
                var cookies = event.putArray("cookies");
                for (String value : request.headers().getAll(name)) {
                    for (String cookie : value.split("; ")) {
                        cookies.add(cookie);
                    }
                }
            } else {
                headers.put(
                        name.toLowerCase(Locale.ROOT),
                        String.join(",", request.headers().getAll(name)));
            }
        }
        var context = event.putObject("requestContext").put("stage", stage).put("domainName", "api.sluice.example");
        context.putObject("http")
                .put("method", request.method().name())
                .put("path", request.path())
                .put("sourceIp", "198.51.100.7");
        if (signed.test(request)) {
            headers.remove("authorization");
            context.putObject("authorizer").putObject("iam").put("userArn", "arn:aws:iam::123456789012:user/operator");
        }
        if (body.length > 0) {
            event.put("body", Base64.getEncoder().encodeToString(body));
        }
        return event.put("isBase64Encoded", body.length > 0);
    }

    private void answer(HttpServerRequest request, ObjectNode event) {
        try {
            byte[] payload = JSON.writeValueAsBytes(event);
            if (payload.length > FunctionInstance.LONGEST_PAYLOAD) {
                fail(request, 413, "Request Entity Too Large");
                return;
            }
            var answer = JSON.readTree(function.invoke(payload));
            request.response().setStatusCode(answer.path("statusCode").asInt(500));
            answer.path("headers")
                    .properties()
                    .forEach(header -> request.response()
                            .putHeader(header.getKey(), header.getValue().asText()));
            answer.path("cookies")
                    .forEach(cookie -> request.response().headers().add("Set-Cookie", cookie.asText()));
            String text = answer.path("body").asText("");
            request.response()
                    .end(Buffer.buffer(
                            answer.path("isBase64Encoded").asBoolean()
                                    ? Base64.getDecoder().decode(text)
                                    : text.getBytes(StandardCharsets.UTF_8)));
        } catch (FunctionError | IOException e) {
            fail(request, 500, "Internal Server Error");
        }
    }

    private static void fail(HttpServerRequest request, int status, String message) {
        request.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end("{\"message\":\"" + message + "\"}");
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
