package dev.sluice.datapath.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** The local HTTP listener: {@code /status} (JSON), {@code /metrics} (Prometheus) and {@code /healthz}. Read-only. */
final class StatusListener implements AutoCloseable {
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int UNAVAILABLE = 503;

    /** What a path answers. Suppliers may block; one that fails is answered as unavailable. */
    record Page(String contentType, Supplier<String> text) {}

    private final HttpServer server;

    private StatusListener(HttpServer server) {
        this.server = server;
    }

    /** @throws CommandFailedException when the address cannot be had */
    static StatusListener open(InetSocketAddress address, Map<String, Page> pages) {
        try {
            HttpServer server = HttpServer.create(address, 0);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", exchange -> answer(exchange, pages));
            server.start();
            return new StatusListener(server);
        } catch (IOException busy) {
            throw CommandFailedException.refused("cannot listen on " + address.getHostString() + ":"
                    + address.getPort() + " (" + busy.getMessage()
                    + "): is one running already? Else choose another --status-address");
        }
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static void answer(HttpExchange exchange, Map<String, Page> pages) throws IOException {
        try (exchange) {
            Page page = pages.get(exchange.getRequestURI().getPath());
            if (page == null) {
                send(exchange, NOT_FOUND, "text/plain", "there is /status, /metrics and /healthz\n");
            } else if (!exchange.getRequestMethod().equals("GET")) {
                send(exchange, METHOD_NOT_ALLOWED, "text/plain", "GET only\n");
            } else {
                try {
                    send(exchange, OK, page.contentType(), page.text().get());
                } catch (RuntimeException stuck) {
                    send(exchange, UNAVAILABLE, "text/plain", "the event loop does not answer\n");
                }
            }
        }
    }

    private static void send(HttpExchange exchange, int code, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
        exchange.sendResponseHeaders(code, body.length);
        exchange.getResponseBody().write(body);
    }
}
