package dev.sluice.lab.scenario;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.lab.LocalApi;
import dev.sluice.lab.Namespace;
import dev.sluice.lab.Topology;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A directory at WorkOS, on the portal's host, that has one user at most. */
final class OneUserDirectory implements AutoCloseable {
    private static final int PORT = 13900;
    private static final String SECRET = "wh_of_the_lab";
    private static final String SOURCE = "directory_lab";

    private final HttpServer server;
    private volatile String user = "";
    /** The body of what it told last. */
    private String told = "";

    OneUserDirectory() throws Exception {
        server = Namespace.call(
                Topology.PORTAL,
                () -> HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), PORT), 0));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    /** What a portal has to know to ask it. */
    static Map<String, String> settings() {
        return Map.of(
                "WORKOS_API_KEY",
                "sk_of_the_lab",
                "WORKOS_API_BASE",
                "http://127.0.0.1:" + PORT,
                "WORKOS_WEBHOOK_SECRET",
                SECRET,
                "SLUICE_OUTGOING_ALLOW",
                "127.0.0.0/8");
    }

    /** Has somebody, and tells of it. */
    void add(String id) throws Exception {
        user = id;
        tell("dsync.user.created", id);
    }

    /** Has nobody any more, and tells of it. */
    void remove() throws Exception {
        String gone = user;
        user = "";
        tell("dsync.user.deleted", gone);
    }

    /** Tells of what it told last once more. */
    void repeat() throws Exception {
        send();
    }

    private void tell(String event, String id) throws Exception {
        told = "{\"id\":\"event_" + UUID.randomUUID() + "\",\"event\":\"" + event
                + "\",\"data\":{\"id\":\"directory_user_" + id + "\",\"idp_id\":\"" + id + "\",\"directory_id\":\""
                + SOURCE + "\"}}";
        send();
    }

    private void send() throws Exception {
        String time = Long.toString(System.currentTimeMillis());
        LocalApi.send(
                Topology.PORTAL,
                "POST",
                "/integrations/workos/webhooks",
                Map.of("WorkOS-Signature", "t=" + time + ", v1=" + sign(time + "." + told)),
                told);
    }

    private static String sign(String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            boolean gone =
                    path.startsWith("/directory_users/") && !path.equals("/directory_users/directory_user_" + user);
            byte[] body = body(path).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(gone ? 404 : 200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private String body(String path) {
        String one = "{\"id\":\"directory_user_" + user + "\",\"idp_id\":\"" + user + "\",\"first_name\":\"" + user
                + "\",\"state\":\"active\"}";
        return switch (path) {
            case "/organizations" -> "{\"id\":\"org_lab\"}";
            case "/portal/generate_link" -> "{\"link\":\"https://setup.example/\"}";
            case "/directories" -> list("{\"id\":\"" + SOURCE + "\",\"state\":\"linked\"}");
            case "/directory_users" -> list(user.isEmpty() ? "" : one);
            case "/directory_groups" -> list("");
            default -> one;
        };
    }

    private static String list(String elements) {
        return "{\"data\":[" + elements + "],\"list_metadata\":{\"after\":null}}";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
