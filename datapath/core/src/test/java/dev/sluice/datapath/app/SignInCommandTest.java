package dev.sluice.datapath.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signing in and out, against a server that answers as RFC 8628 has it. */
class SignInCommandTest {
    private static final String BEGUN = """
            {"device_code": "secret", "user_code": "BCDF-GHJK", "verification_uri": "https://portal/device",
             "verification_uri_complete": "https://portal/device?user_code=BCDF-GHJK", "expires_in": 600, "interval": 5}
            """;
    private static final String GRANTED = """
            {"access_token": ".the.token", "token_type": "Bearer", "actor_name": "Ada", "account_slug": "acme",
             "account_name": "Acme"}
            """;

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final List<String> asked = new ArrayList<>();
    private final Queue<Map.Entry<Integer, String>> answers = new ArrayDeque<>();
    private final List<Duration> pauses = new ArrayList<>();
    private HttpServer server;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/base/oauth/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            asked.add(exchange.getRequestURI().getPath().substring("/base/oauth/".length()) + " "
                    + URLDecoder.decode(body, StandardCharsets.UTF_8));
            Map.Entry<Integer, String> answer = answers.remove();
            byte[] text = answer.getValue().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.getKey(), text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void shouldKeepTheTokenOnceItIsGranted() throws Exception {
        answer(200, BEGUN);
        answer(400, "{\"error\": \"authorization_pending\"}");
        answer(400, "{\"error\": \"slow_down\"}");
        answer(503, "busy");
        answer(200, GRANTED);

        assertThat(command(false).signIn("acme", pauses::add)).isZero();

        assertThat(asked.getFirst())
                .startsWith("device_authorization ")
                .contains("device_name=a laptop", "account=acme");
        assertThat(asked.getLast())
                .isIn(
                        "token grant_type=urn:ietf:params:oauth:grant-type:device_code&device_code=secret",
                        "token device_code=secret&grant_type=urn:ietf:params:oauth:grant-type:device_code");
        assertThat(pauses)
                .containsExactly(
                        Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(10));
        assertThat(Files.readString(directory.resolve("client.token"))).isEqualTo(".the.token\n");
        assertThat(out.toString())
                .contains("https://portal/device?user_code=BCDF-GHJK", "BCDF-GHJK", "Signed in to Acme as Ada")
                .doesNotContain("secret", ".the.token");
    }

    @Test
    void shouldPrintALineOfJsonForEachStep() throws Exception {
        answer(200, BEGUN);
        answer(200, GRANTED);

        assertThat(command(true).signIn(null, pauses::add)).isZero();

        assertThat(out.toString().lines())
                .hasSize(2)
                .first()
                .asString()
                .contains("\"user_code\":\"BCDF-GHJK\"", "\"expires_in\":600");
        assertThat(out.toString())
                .contains("\"signed_in\":true", "\"actor\":\"Ada\"")
                .doesNotContain(".the.token");
    }

    @Test
    void shouldSayWhyItWasNotSignedIn() {
        answer(200, BEGUN);
        answer(400, "{\"error\": \"access_denied\"}");
        assertRefused("it was denied");
        answer(200, BEGUN);
        answer(400, "{\"error\": \"expired_token\"}");
        assertRefused("the code is over");
        answer(429, "{\"error\": \"slow_down\", \"error_description\": \"Too many devices ask.\"}");
        assertRefused("Too many devices ask.");
        answer(404, "<html>");
        assertRefused("is it one of ours?");
        server.stop(0);
        assertRefused("the portal cannot be reached");
        assertThat(directory.resolve("client.token")).doesNotExist();
    }

    @Test
    void shouldGiveUpOnceTheCodeIsOver() {
        answer(200, BEGUN);
        for (int n = 0; n <= 120; n++) {
            answer(502, "");
        }

        assertRefused("nobody has typed the code in time");
        assertThat(pauses).hasSize(121);
    }

    @Test
    void shouldEndTheTokenAndForgetIt() throws Exception {
        SignInFile.write(SignInFile.in(directory), ".the.token");
        answer(200, "{}");

        assertThat(command(false).signOut()).isZero();

        assertThat(asked).containsExactly("revoke token=.the.token");
        assertThat(directory.resolve("client.token")).doesNotExist();
        assertThatThrownBy(() -> command(false).signOut()).hasMessageContaining("nobody is signed in");
    }

    @Test
    void shouldForgetTheTokenAlthoughThePortalIsAway() {
        SignInFile.write(SignInFile.in(directory), ".the.token");
        server.stop(0);

        assertThatThrownBy(() -> command(false).signOut())
                .hasMessageContaining("signed out on this host")
                .hasMessageContaining("an admin withdraws it");
        assertThat(directory.resolve("client.token")).doesNotExist();
    }

    private void answer(int status, String body) {
        answers.add(Map.entry(status, body));
    }

    private void assertRefused(String why) {
        assertThatThrownBy(() -> command(false).signIn((@Nullable String) null, pauses::add))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContaining(why);
    }

    private SignInCommand command(boolean json) {
        PortalOptions options = new PortalOptions();
        options.apiUrl = URI.create("ws://127.0.0.1:" + server.getAddress().getPort() + "/base");
        options.stateDirectory = directory;
        options.name = "a laptop";
        return new SignInCommand(options, json, Map.of(), new PrintWriter(out, true));
    }
}
