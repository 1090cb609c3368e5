package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged portal, its listeners and its command line. */
class PortalIT {
    private static final String RESOURCE = "MyCorp Network";

    @TempDir
    static Path directory;

    private static PortalProcess portal;

    @BeforeAll
    static void start() throws Exception {
        portal = new PortalProcess(directory.resolve("data"))
                .with("SLUICE_ACCESS_LOG", "true")
                .start();
    }

    @AfterAll
    static void stop() throws Exception {
        portal.close();
    }

    @Test
    void shouldAnswerPeopleAndDevicesOnTheirPorts() throws Exception {
        assertThat(portal.get("SLUICE_WEB_PORT", "/healthz").body()).isEqualTo("{\"status\":\"ok\"}");
        assertThat(portal.get("SLUICE_API_PORT", "/healthz").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldShowHealthAndMetricsOnTheAdminListenerOnly() throws Exception {
        assertThat(portal.get("SLUICE_ADMIN_PORT", "/q/health").body()).contains("\"UP\"");
        assertThat(portal.get("SLUICE_ADMIN_PORT", "/q/metrics").body()).contains("jvm_memory_used_bytes");
        assertThat(portal.get("SLUICE_API_PORT", "/q/metrics").statusCode()).isEqualTo(404);
        assertThat(portal.get("SLUICE_WEB_PORT", "/q/health").statusCode()).isEqualTo(404);
    }

    /** A page can have a browser on this host call a name of its own that leads here. */
    @Test
    void shouldAnswerOnTheAdminListenerOnlyAsThisHost() throws Exception {
        String port = Integer.toString(portal.port("SLUICE_ADMIN_PORT"));
        for (String path : List.of("/q/metrics", "/q/health", "/operator/status")) {
            assertThat(statusAs("rebound.example:" + port, path)).as(path).isEqualTo(403);
        }
        for (String host : List.of("127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port, "LOCALHOST")) {
            assertThat(statusAs(host, "/q/health")).as(host).isEqualTo(200);
        }
    }

    private static int statusAs(String host, String path) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", portal.port("SLUICE_ADMIN_PORT"))) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return Integer.parseInt(
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split(" ")[1]);
        }
    }

    @Test
    void shouldAskForTheSecret() throws Exception {
        assertThat(operate(null)).isEqualTo(401);
        assertThat(operate("Bearer wrong")).isEqualTo(401);
        assertThat(operate("Bearer " + secret())).isEqualTo(200);
        assertThat(Files.getPosixFilePermissions(directory.resolve("data/admin-secret")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void shouldKeepOperatorsOffTheOtherListeners() throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + portal.port("SLUICE_API_PORT") + "/operator/status"))
                .header("Authorization", "Bearer " + secret());

        assertThat(PortalProcess.send(request).statusCode()).isEqualTo(404);
    }

    @Test
    void shouldNotLogTheQueryOfARequest() throws Exception {
        portal.get("SLUICE_API_PORT", "/client/websocket?token=very-secret-token");
        portal.get("SLUICE_API_PORT", "/healthz?token=very-secret-token");

        portal.awaitLog("GET /healthz");
        assertThat(portal.log()).contains("GET /client/websocket").doesNotContain("very-secret-token");
    }

    @Test
    void shouldPrintTablesForPeopleAndJsonForPrograms() {
        assertThat(portal.run("policy", "list").out())
                .containsPattern("ID +ACCOUNT +GROUP +RESOURCE +ENABLED")
                .contains(RESOURCE);
        assertThat(portal.run("resource", "list", "--json").json()).isNotEmpty();
        assertThat(portal.run("status").out()).contains("database: PostgreSQL 18");
    }

    @Test
    void shouldNotLetANameSteerTheTerminal() {
        assertThat(portal.run(
                                "resource",
                                "create",
                                "--type",
                                "ip",
                                "--address",
                                "198.51.100.7",
                                "--site",
                                "mycro-aws-gws",
                                "--name",
                                "a\u202Eb")
                        .out())
                .contains("a\uFFFDb")
                .doesNotContain("\u202E");
        assertThat(portal.run("token", "create", "--type", "gateway", "--site", "mycro-aws-gws", "--name", "a\u001Bb")
                        .err())
                .contains("--name has 1 to 255 characters");
    }

    @Test
    void shouldChangeThingsByNameAndAddress() {
        assertThat(portal.run("policy", "disable", RESOURCE, "--json")
                        .json()
                        .path("disabled_at")
                        .isTextual())
                .isTrue();
        assertThat(portal.run("policy", "enable", "172.20.0.0/16", "--json")
                        .json()
                        .path("disabled_at")
                        .isNull())
                .isTrue();
        assertThat(portal.run("resource", "set-filters", RESOURCE, "--filter", "tcp:80", "--filter", "icmp", "--json")
                        .json()
                        .path("filters"))
                .hasSize(2);
        assertThat(portal.run("audit", "list").out()).contains("policy_changed", "operator");
    }

    @Test
    void shouldShowATokenOnceAndForgetItOnDeletion() {
        CommandOutcome made = portal.run(
                "token", "create", "--type", "gateway", "--site", "mycro-aws-gws", "--name", "spare", "--json");

        assertThat(made.json().path("token").asText()).startsWith(".SFMyNTY.");
        assertThat(portal.run("token", "list").out())
                .contains("spare")
                .doesNotContain(made.json().path("token").asText());
        assertThat(portal.run("token", "delete", "spare", "--account", "firezone")
                        .code())
                .isZero();
        assertThat(portal.run("token", "delete", "spare").err()).contains("There is no token 'spare'");
    }

    @Test
    void shouldWriteATokenToAFileOfItsOwnerOnly() throws Exception {
        Path file = directory.resolve("gateway.token");
        String[] create = {
            "token", "create", "--type", "gateway", "--site", "mycro-aws-gws", "--token-file", file.toString()
        };

        assertThat(portal.run("token", "create", "--type", "gateway", "--site", "nowhere", "--token-file", create[7])
                        .code())
                .isEqualTo(1);
        assertThat(file).doesNotExist();
        CommandOutcome made = portal.run(create);
        assertThat(made.code()).isZero();
        assertThat(Files.readString(file)).startsWith(".SFMyNTY.");
        assertThat(made.out())
                .contains("gateway")
                .doesNotContain(Files.readString(file).strip());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(portal.run(create).err()).contains("is there already");
    }

    @Test
    void shouldSayWhatAPortIsThatItCannotUse() {
        assertThat(portal.runWith("SLUICE_ADMIN_PORT", "99999", "status").err())
                .contains("SLUICE_ADMIN_PORT must be a port from 1 to 65535 and is '99999'");
    }

    @Test
    void shouldWarnOfPublishedTokens() throws Exception {
        portal.awaitLog("STATIC_SEEDS=true: the development tokens are published");
    }

    @Test
    void shouldTellUsageFromRefusal() {
        assertThat(portal.run("token", "create").code()).isEqualTo(2);
        assertThat(portal.run("token").code()).isEqualTo(2);
        CommandOutcome incomplete = portal.run("token", "create", "--type", "client");
        assertThat(incomplete.code()).isEqualTo(2);
        assertThat(incomplete.err()).contains("--actor is missing");
        assertThat(portal.run("token", "create", "--type", "gateway").err()).contains("--site is missing");
        assertThat(portal.run("resource", "create", "--type", "ip", "--site", "mycro-aws-gws", "--name", "n")
                        .err())
                .contains("needs an --address");
        assertThat(portal.run().code()).isEqualTo(2);
        assertThat(portal.run("resource", "delete", "nothing").code()).isEqualTo(1);
        assertThat(portal.run("flow", "expire", RESOURCE, "--in", "10s").err()).contains("Nobody has a flow");
        assertThat(portal.run("--help").code()).isZero();
    }

    @Test
    void shouldRefuseToStartOnATakenPort() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            PortalProcess second = new PortalProcess(directory.resolve("second"))
                    .with("SLUICE_WEB_PORT", Integer.toString(taken.getLocalPort()));

            assertThat(second.runToItsEnd()).isEqualTo(1);
            assertThat(second.log()).contains("SLUICE_WEB_PORT chooses another port");
            assertThat(Files.exists(directory.resolve("second/postgresql/data/postmaster.pid")))
                    .isFalse();
        }
    }

    private static String secret() throws IOException {
        return Files.readString(directory.resolve("data/admin-secret")).strip();
    }

    private static int operate(String authorization) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + portal.port("SLUICE_ADMIN_PORT") + "/operator/status"));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        var response = PortalProcess.send(request);
        assertThat(response.headers().firstValue("X-Request-Id").isPresent())
                .as("a command has an id")
                .isEqualTo(response.statusCode() == 200);
        return response.statusCode();
    }
}
