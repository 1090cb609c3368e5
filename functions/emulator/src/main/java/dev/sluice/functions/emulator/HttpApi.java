package dev.sluice.functions.emulator;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.functions.emulator.LambdaService.FunctionError;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.Executors;

/** An HTTP API before a function: what comes is an event of payload format version 2.0, with all that is lost in that. */
public final class HttpApi implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LambdaService function;
    private final String stage;
    private final HttpServer server;

    /**
     * @param stage which stands before each path; {@code $default} for the one that does not
     * @param port to listen at; 0 for any
     */
    public HttpApi(LambdaService function, String stage, String host, int port) throws IOException {
        this.function = function;
        this.stage = stage;
        server = HttpServer.create(new InetSocketAddress(host, port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    /** What stands before each path. */
    public URI base() {
        return URI.create(
                "http://127.0.0.1:" + server.getAddress().getPort() + (stage.equals("$default") ? "" : "/" + stage));
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var event = JSON.createObjectNode();
            event.put("version", "2.0").put("routeKey", "$default");
            event.put("rawPath", exchange.getRequestURI().getRawPath());
            event.put(
                    "rawQueryString",
                    String.valueOf(exchange.getRequestURI().getRawQuery()).replaceAll("^null$", ""));
            var headers = event.putObject("headers");
            exchange.getRequestHeaders().forEach((name, values) -> {
                if (name.equalsIgnoreCase("cookie")) {
                    var cookies = event.putArray("cookies");
                    values.forEach(value -> {
                        for (String cookie : value.split("; ")) {
                            cookies.add(cookie);
                        }
                    });
                } else {
                    headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values));
                }
            });
            var context = event.putObject("requestContext").put("stage", stage).put("domainName", "api.sluice.example");
            context.putObject("http")
                    .put("method", exchange.getRequestMethod())
                    .put("path", exchange.getRequestURI().getPath())
                    .put("sourceIp", "198.51.100.7");
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (body.length > 0) {
                event.put("body", Base64.getEncoder().encodeToString(body));
            }
            event.put("isBase64Encoded", body.length > 0);
            byte[] payload = JSON.writeValueAsBytes(event);
            if (payload.length > FunctionInstance.LONGEST_PAYLOAD) {
                send(exchange, 413, "{\"message\":\"Request Entity Too Large\"}".getBytes(StandardCharsets.UTF_8));
                return;
            }
            try {
                var answer = JSON.readTree(function.invoke(payload));
                answer.path("headers")
                        .properties()
                        .forEach(header -> exchange.getResponseHeaders()
                                .add(header.getKey(), header.getValue().asText()));
                answer.path("cookies")
                        .forEach(cookie -> exchange.getResponseHeaders().add("Set-Cookie", cookie.asText()));
                String text = answer.path("body").asText("");
                send(
                        exchange,
                        answer.path("statusCode").asInt(500),
                        answer.path("isBase64Encoded").asBoolean()
                                ? Base64.getDecoder().decode(text)
                                : text.getBytes(StandardCharsets.UTF_8));
            } catch (FunctionError e) {
                send(exchange, 500, "{\"message\":\"Internal Server Error\"}".getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean empty = body.length == 0 || status == 204 || status == 304;
        exchange.sendResponseHeaders(status, empty ? -1 : body.length);
        if (!empty) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
