package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the API answers at each of the packaged portal's listeners. */
class DoorsIT {
    private static final String SITES = "/gateway_groups";
    private static final int BURST = 5;

    @TempDir
    static Path directory;

    private static PortalProcess portal;
    private static ApiCaller operator;
    private static String token;

    @BeforeAll
    static void start() throws Exception {
        portal = new PortalProcess(directory.resolve("data"))
                .with("SLUICE_API_BURST", Integer.toString(BURST))
                .with("SLUICE_API_PER_SECOND", "1")
                .start();
        String secret = Files.readString(directory.resolve("data/admin-secret")).strip();
        operator = ApiCaller.of(base("SLUICE_ADMIN_PORT"), secret).with("Sluice-Account", "firezone");
        // The first that this portal has to do with tokens is done within a transaction.
        var client = operator.post("/actors", "{'actor':{'name':'Terraform','type':'api_client'}}");
        token = operator.post("/actors/" + client.id() + "/client_tokens", "{'token':{'name':'first'}}")
                .data()
                .path("token")
                .asText();
    }

    @AfterAll
    static void stop() throws Exception {
        portal.close();
    }

    private static URI base(String port) {
        return URI.create("http://127.0.0.1:" + portal.port(port));
    }

    @Test
    void shouldLetTheOperatorIntoEveryAccount() throws Exception {
        for (int i = 0; i < 2 * BURST; i++) {
            assertThat(operator.get(SITES).status()).isEqualTo(200);
        }
        var theirs = operator.with("Sluice-Account", "not_firezone").post(SITES, "{'gateway_group':{'name':'Other'}}");
        assertThat(theirs.status()).isEqualTo(201);
        assertThat(operator.get(SITES + "/" + theirs.id()).status()).isEqualTo(404);
        portal.awaitLog("POST /gateway_groups: 201 (request " + theirs.header("X-Request-Id") + ")");
        assertThat(portal.run("audit", "list", "--account", "not_firezone").out())
                .contains("site_created", "operator");
    }

    @Test
    void shouldAskTheOperatorForTheAccount() throws Exception {
        var without = new ApiCaller(
                base("SLUICE_ADMIN_PORT"),
                Map.of("Authorization", operator.headers().get("Authorization")));
        for (var caller : new ApiCaller[] {without, operator.with("Sluice-Account", "nowhere")}) {
            var answer = caller.get(SITES);
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.body().path("error").path("validation_errors").has("Sluice-Account"))
                    .isTrue();
        }
    }

    @Test
    void shouldTakeTheSecretOnTheAdminListenerOnly() throws Exception {
        assertThat(operator.with("Authorization", "Bearer wrong").get(SITES).status())
                .isEqualTo(401);
        assertThat(new ApiCaller(base("SLUICE_API_PORT"), operator.headers())
                        .get(SITES)
                        .status())
                .isEqualTo(401);
        assertThat(raw("SLUICE_WEB_PORT", SITES)).contains(" 303 ", SITES + "/sign_in");
    }

    /** Health is for everybody on the host; what is beside it by its path is not. */
    @Test
    void shouldAskForTheSecretWhateverThePathLooksLike() throws Exception {
        var stranger = new ApiCaller(base("SLUICE_ADMIN_PORT"), Map.of("Sluice-Account", "firezone"));
        assertThat(stranger.get("/q/health").status()).isEqualTo(200);
        for (String path : new String[] {
            SITES,
            "/q/..%2Fgateway_groups",
            "/q/%2e%2e/gateway_groups",
            "//gateway_groups",
            "/operator/status",
            "/openapi"
        }) {
            assertThat(raw("SLUICE_ADMIN_PORT", path))
                    .as(path)
                    .startsWith("HTTP/1.1 4")
                    .doesNotContain("\"data\"");
        }
        assertThat(raw("SLUICE_ADMIN_PORT", "/q/../gateway_groups")).startsWith("HTTP/1.1 401");
        for (String path : new String[] {"/q/metrics", "/%71/metrics", "/x/../q/metrics", "/q/health"}) {
            assertThat(raw("SLUICE_API_PORT", path)).as(path).startsWith("HTTP/1.1 404");
        }
    }

    private static String raw(String port, String path) throws Exception {
        try (Socket socket = new Socket("127.0.0.1", portal.port(port))) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nSluice-Account: firezone\r\n"
                                    + "Connection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void shouldMakeAnAccountWaitThatAsksTooMuch() throws Exception {
        assertThat(token).startsWith(".SFMyNTY.");
        var api = ApiCaller.of(base("SLUICE_API_PORT"), token);
        var answer = api.get(SITES);
        for (int i = 0; i < 100 && answer.status() == 200; i++) {
            answer = api.get(SITES);
        }
        assertThat(answer.status()).isEqualTo(429);
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isEqualTo(1);
        assertThat(operator.get(SITES).status()).isEqualTo(200);
        assertThat(portal.log()).doesNotContain(token);
    }

    @Test
    void shouldPublishWhatTheApiCanDo() throws Exception {
        var openapi = new ApiCaller(base("SLUICE_API_PORT"), Map.of()).get("/openapi?format=json");
        assertThat(openapi.status()).isEqualTo(200);
        assertThat(openapi.body().path("paths").path(SITES).has("post")).isTrue();
        // There an account may be called so.
        for (String path : new String[] {"/openapi", "/swaggerui/"}) {
            assertThat(raw("SLUICE_WEB_PORT", path)).as(path).contains(" 303 ", "/sign_in");
        }
        assertThat(raw("SLUICE_WEB_PORT", "/client/websocket")).contains(" 404 ");
        var page = new ApiCaller(base("SLUICE_API_PORT"), Map.of()).get("/swaggerui/");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.response().body()).contains("/openapi");
    }
}
