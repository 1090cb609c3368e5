package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.functions.testing.SocketPeer;
import dev.sluice.functions.testing.World;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * That no secret is where many people read: in the log, however talkative, in metrics, in what is answered to errors, in
 * lists, in the audit. What they are is known here, because they were handed out here.
 */
class SecretsIT {
    private static final String RESOURCE = "MyCorp Network";

    @TempDir
    Path directory;

    private PortalProcess portal;
    private final List<String> secrets = new ArrayList<>();
    private final List<String> said = new ArrayList<>();

    @Test
    void shouldTellNoSecretToWhomItIsNotFor() throws Exception {
        portal = new PortalProcess(directory.resolve("data"))
                .with("SLUICE_LOG_LEVEL", "TRACE")
                .with("SLUICE_ACCESS_LOG", "true")
                .start();
        try (var running = portal) {
            secrets.add(Files.readString(directory.resolve("data/admin-secret")).strip());
            addPasswords();
            String gateway = token("--type", "gateway", "--site", "mycro-aws-gws");
            String client = token("--type", "client", "--actor", "firezone-unprivileged-1@localhost.local");
            run("actor", "create", "--account", "firezone", "--type", "api_client", "--name", "Terraform");
            String program = token("--type", "api_client", "--actor", "Terraform");
            connect(client, gateway);
            stumble(program);
            stumble(client);
            for (String[] command : new String[][] {
                {"token", "list"},
                {"token", "list", "--json"},
                {"audit", "list", "--json", "--limit", "500"},
                {"device", "list", "--json"},
                {"flow", "list", "--json"},
                {"status"},
                {"verify"},
                {"export", "--account", "firezone"}
            }) {
                run(command);
            }
            said.add(running.get("SLUICE_ADMIN_PORT", "/q/metrics").body());
            said.add(portal.get("SLUICE_ADMIN_PORT", "/q/health").body());
        }
        said.add(portal.log());

        assertThat(secrets).hasSizeGreaterThan(9).allMatch(secret -> secret.length() >= 12);
        assertThat(String.join("\n", said))
                .contains("flow_granted", "granted: client", "jvm_memory_used_bytes", "GET /client");
        for (String secret : secrets) {
            assertThat(said.stream().filter(text -> text.contains(secret)).map(text -> around(text, secret)))
                    .as("what says the secret that begins with %s", secret.substring(0, 6))
                    .isEmpty();
        }
    }

    /** A token as it is handed out, and the part of it that is a secret even where the rest is cut off. */
    private String token(String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("token", "create", "--json"));
        command.addAll(List.of(options));
        String text =
                portal.run(command.toArray(String[]::new)).json().path("token").asText();
        secrets.add(text);
        secrets.add(text.substring(text.lastIndexOf('.') + 1));
        secrets.add(text.split("\\.")[2]);
        return text;
    }

    private void addPasswords() throws IOException {
        Properties credentials = new Properties();
        try (var reader = Files.newBufferedReader(directory.resolve("data/postgresql/credentials"))) {
            credentials.load(reader);
        }
        credentials.values().forEach(password -> secrets.add(password.toString()));
    }

    /** A flow, by both dialects: what its two ends are told of keys is for them. */
    private void connect(String client, String gateway) throws Exception {
        URI base = URI.create("http://127.0.0.1:" + portal.port("SLUICE_API_PORT"));
        String resource = "";
        for (JsonNode known : portal.run("resource", "list", "--json").json()) {
            resource = known.path("name").asText().equals(RESOURCE)
                    ? known.path("id").asText()
                    : resource;
        }
        for (boolean own : new boolean[] {true, false}) {
            try (var g = SocketPeer.join(
                            base, new SocketPeer.Identity("gateway", gateway, "gateway", World.key(), own));
                    var c = SocketPeer.join(
                            base, new SocketPeer.Identity("client", client, "client", World.key(), own))) {
                c.send("create_flow", "{\"resource_id\":\"" + resource + "\",\"connected_gateway_ids\":[]}");
                JsonNode asked = g.await("authorize_flow").payload();
                add(asked);
                g.send("flow_authorized", "{\"ref\":\"" + asked.path("ref").asText() + "\"}");
                add(c.await("flow_created").payload());
                c.send("create_flow", "{\"resource_id\":\"nonsense\",\"token\":\"" + client + "\"}");
                c.send("not json, but " + client);
            }
        }
    }

    private void add(JsonNode payload) {
        for (String field : List.of("preshared_key", "password")) {
            for (JsonNode value : payload.findValues(field)) {
                if (value.isTextual() && !secrets.contains(value.asText())) {
                    secrets.add(value.asText());
                }
            }
        }
    }

    /** Requests that fail, with a token in all places where one may stand by mistake. */
    private void stumble(String token) throws Exception {
        for (String port : List.of("SLUICE_API_PORT", "SLUICE_ADMIN_PORT", "SLUICE_WEB_PORT")) {
            URI base = URI.create("http://127.0.0.1:" + portal.port(port));
            for (var headers : List.of(
                    Map.of("Authorization", "Bearer " + token),
                    Map.of("Authorization", "Basic " + token),
                    Map.of("X-Authorization", "Bearer " + token, "If-Match", token, "Idempotency-Key", token),
                    Map.of("Authorization", "Bearer " + token, "Sluice-Account", token))) {
                var caller = new ApiCaller(base, headers);
                for (String path : List.of(
                        "/client/websocket?token=" + token,
                        "/gateway/websocket?token=" + token + "x",
                        "/actors?page_cursor=" + token,
                        "/actors?name=" + token,
                        "/audit_entries?since=" + token,
                        "/flows/explain?client_id=" + token,
                        "/operator/status?x=" + token)) {
                    said.add(caller.get(path).response().body());
                }
                for (String body : List.of(
                        "{'actor':{'name':'x','type':'" + token + "'}}",
                        "{'actor':{'" + token + "':1}}",
                        "{'actor':'" + token + "'}",
                        token)) {
                    said.add(caller.post("/actors", body).response().body());
                }
            }
        }
    }

    private void run(String... command) {
        var outcome = portal.run(command);
        said.add(outcome.out() + outcome.err());
    }

    private static String around(String text, String secret) {
        int at = text.indexOf(secret);
        return text.substring(Math.max(0, at - 200), at) + "(here)";
    }
}
