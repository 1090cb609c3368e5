package dev.sluice.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * A directory of any size, as WorkOS has it: what is on a page follows from the page. Each group has as many members, who
 * follow one another.
 */
final class DirectoryPages implements AutoCloseable {
    private static final int PAGE = 100;

    static {
        // Else each answer waits 40 ms for the acknowledgement of its own header.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /** Made once: who is measured shares the processors. */
    private final String[] users;

    private final int groups;
    private final int membersOfGroup;
    private final HttpServer server;

    DirectoryPages(int users, int groups, int members) {
        this.users = IntStream.range(0, users).mapToObj(DirectoryPages::user).toArray(String[]::new);
        this.groups = groups;
        this.membersOfGroup = members / groups;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        } catch (IOException e) {
            throw new BenchmarkFailedException("no pages", e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            byte[] body = body(
                            exchange.getRequestURI().getPath(),
                            query(exchange.getRequestURI().getQuery()))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private String body(String path, Map<String, String> query) {
        int from = Integer.parseInt(query.getOrDefault("after", "0"));
        return switch (path) {
            case "/organizations" -> "{\"id\":\"org_1\"}";
            case "/portal/generate_link" -> "{\"link\":\"https://setup.example/\"}";
            case "/directories" ->
                "{\"data\":[{\"id\":\"directory_1\",\"state\":\"linked\"}],\"list_metadata\":{\"after\":null}}";
            case "/directory_groups" ->
                page(groups, from, number -> "{\"id\":\"group_" + number + "\",\"name\":\"Group " + number + "\"}");
            case "/directory_users" -> {
                String group = query.get("group");
                if (group == null) {
                    yield page(users.length, from, number -> users[number]);
                }
                int first = Integer.parseInt(group.substring("group_".length())) * membersOfGroup;
                yield page(membersOfGroup, from, number -> users[(first + number) % users.length]);
            }
            default -> throw new BenchmarkFailedException("nobody should ask for " + path);
        };
    }

    private static String user(int number) {
        return "{\"id\":\"directory_user_" + number + "\",\"idp_id\":\"idp_" + number
                + "\",\"first_name\":\"User\",\"last_name\":\""
                + number + "\",\"email\":\"user-" + number + "@example.com\",\"username\":\"user-" + number
                + "@example.com\",\"state\":\"active\",\"groups\":[],\"raw_attributes\":{\"department\":\"Engines\",\"title\":\"Fitter\"}}";
    }

    private static String page(int all, int from, IntFunction<String> one) {
        int to = Math.min(all, from + PAGE);
        var text = new StringBuilder("{\"object\":\"list\",\"data\":[");
        for (int number = from; number < to; number++) {
            text.append(number == from ? "" : ",").append(one.apply(number));
        }
        return text.append("],\"list_metadata\":{\"before\":null,\"after\":")
                .append(to < all ? "\"" + to + "\"" : "null")
                .append("}}")
                .toString();
    }

    private static Map<String, String> query(String text) {
        Map<String, String> query = new HashMap<>();
        if (text != null) {
            for (String part : text.split("&", -1)) {
                int equals = part.indexOf('=');
                query.put(part.substring(0, equals), part.substring(equals + 1));
            }
        }
        return query;
    }
}
