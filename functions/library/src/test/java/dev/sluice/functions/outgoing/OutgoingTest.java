package dev.sluice.functions.outgoing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.functions.settings.SettingException;
import dev.sluice.functions.testing.Settings;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutgoingTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private final Vertx vertx = Vertx.vertx();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private HttpServer server;
    private int port;

    @BeforeEach
    void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
        port = server.getAddress().getPort();
    }

    @AfterEach
    void close() {
        over.countDown();
        server.stop(0);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void shouldGoToWhatTheOperatorAllowsUnderTheNameThatWasTyped() {
        var answer = allowing("127.0.0.0/8", host -> new InetAddress[] {LOOPBACK})
                .send(new Outgoing.Request(
                        "POST",
                        url("http://directory.example:" + port + "/users?page=2"),
                        Map.of("Authorization", "Bearer x"),
                        "body".getBytes(UTF_8),
                        SOON,
                        1000));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(new String(answer.body(), UTF_8)).isEqualTo("here");
        assertThat(answer.headers()).containsEntry("x-test", "yes");
        assertThat(seen).containsExactly("POST /users?page=2 directory.example:" + port + " Bearer x body");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.0.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",
                "224.0.0.1",
                "255.255.255.255",
                "192.0.2.1",
                "198.18.0.1",
                "[::1]",
                "[::]",
                "[fe80::1]",
                "[fd00::1]",
                "[::ffff:127.0.0.1]",
                "[::127.0.0.1]",
                "[64:ff9b::10.0.0.1]",
                "[64:ff9b:1::1]",
                "[2002:7f00:1::]",
                "[2001:db8::1]",
                "[ff02::1]",
                "localhost"
            })
    void shouldRefuseWhatIsNotOfTheWorldAtLarge(String host) {
        assertThatThrownBy(() -> refusing().send(get("https://" + host + ":" + port + "/")))
                .isInstanceOf(OutgoingException.class)
                .hasMessageContaining("SLUICE_OUTGOING_ALLOW");
        assertThat(seen).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "8.8.8.8", "172.15.0.1", "172.32.0.1", "2606:4700::1111", "64:ff9b::8.8.8.8"})
    void shouldKnowTheWorldAtLarge(String address) {
        assertThat(PublicAddresses.contain(InetAddress.ofLiteral(address))).isTrue();
    }

    /** One of several addresses is enough to lead in. */
    @Test
    void shouldRefuseANameThatStandsForAPrivateAddressToo() {
        assertThatThrownBy(() -> allowing(
                                "192.0.2.0/24", host -> new InetAddress[] {InetAddress.ofLiteral("1.1.1.1"), LOOPBACK})
                        .send(get("https://rebound.example/")))
                .hasMessageContaining("SLUICE_OUTGOING_ALLOW");
    }

    /** Between the look and the connection a name can be made to stand for another. */
    @Test
    void shouldLookANameUpOnce() {
        List<String> asked = new CopyOnWriteArrayList<>();
        allowing("127.0.0.0/8", host -> {
                    asked.add(host);
                    return new InetAddress[] {LOOPBACK};
                })
                .send(get("http://rebound.example:" + port + "/"));

        assertThat(asked).containsExactly("rebound.example");
        assertThat(seen).hasSize(1);
    }

    @Test
    void shouldNotFollowARedirect() {
        var answer = allowed().send(get("http://127.0.0.1:" + port + "/elsewhere"));

        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.headers()).containsEntry("location", "http://169.254.169.254/latest");
        assertThat(seen).hasSize(1);
    }

    @Test
    void shouldNotWaitForWhoeverAnswersSlowlyForever() {
        assertThatThrownBy(() -> allowed()
                        .send(Outgoing.Request.get(
                                url("http://127.0.0.1:" + port + "/slow"), Map.of(), Duration.ofMillis(300), 1000)))
                .isInstanceOf(OutgoingException.class)
                .hasMessageContaining("did not answer within");
    }

    @Test
    void shouldNotTakeWhatIsTooMuch() {
        assertThatThrownBy(() -> allowed().send(get("http://127.0.0.1:" + port + "/much")))
                .isInstanceOf(OutgoingException.class)
                .hasMessageContaining("more than 1000 bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ftp://1.1.1.1/", "https:///path", "file:///etc/passwd", "https://user:secret@1.1.1.1/", "x"})
    void shouldRefuseWhatIsNoAddress(String url) {
        assertThatThrownBy(() -> allowed().send(get(url)))
                .isInstanceOf(OutgoingException.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void shouldNotSendSecretsInClearToTheWorld() {
        assertThatThrownBy(() -> refusing().send(get("http://1.1.1.1/")))
                .isInstanceOf(OutgoingException.class)
                .hasMessageContaining("https://");
    }

    @Test
    void shouldSayWhatCannotBeReached() {
        server.stop(0);
        assertThatThrownBy(() -> allowed().send(get("http://127.0.0.1:" + port + "/")))
                .isInstanceOf(OutgoingException.class)
                .hasMessageContaining("cannot be reached");
    }

    @Test
    void shouldRefuseASettingThatIsNoNetwork() {
        assertThatThrownBy(() -> settings("10.0.0.0/8,intranet").allowed())
                .isInstanceOf(SettingException.class)
                .hasMessageContaining("intranet");
    }

    private Outgoing refusing() {
        return new Outgoing(vertx, Settings.of(OutgoingSettings.class, Map.of()));
    }

    private Outgoing allowed() {
        return new Outgoing(vertx, settings("127.0.0.0/8"));
    }

    private Outgoing allowing(String network, Outgoing.Lookup lookup) {
        return new Outgoing(vertx, settings(network), lookup);
    }

    private static OutgoingSettings settings(String allow) {
        return Settings.of(OutgoingSettings.class, Map.of("sluice.outgoing.allow", allow));
    }

    private static Outgoing.Request get(String url) {
        return Outgoing.Request.get(url(url), Map.of(), SOON, 1000);
    }

    private static URI url(String text) {
        return URI.create(text);
    }

    private void answer(HttpExchange exchange) throws IOException {
        var headers = exchange.getRequestHeaders();
        seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + headers.getFirst("Host") + " "
                + headers.getFirst("Authorization") + " "
                + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        switch (exchange.getRequestURI().getPath()) {
            case "/elsewhere" -> {
                exchange.getResponseHeaders().add("Location", "http://169.254.169.254/latest");
                exchange.sendResponseHeaders(302, -1);
            }
            case "/slow" -> {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write('.');
                exchange.getResponseBody().flush();
                try {
                    over.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            case "/much" -> {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write(new byte[5000]);
            }
            default -> {
                exchange.getResponseHeaders().add("X-Test", "yes");
                exchange.sendResponseHeaders(200, 4);
                exchange.getResponseBody().write("here".getBytes(UTF_8));
            }
        }
        exchange.close();
    }
}
