package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Reason;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.database.InjectDatabase;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.Session;
import dev.sluice.functions.testing.SocketPeer;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Handshakes byte by byte, behind a proxy that is trusted, at a portal that checks one at a time. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
@TestProfile(HandshakeTest.BehindAProxyOneAtATime.class)
class HandshakeTest {
    public static final class BehindAProxyOneAtATime implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("sluice.trusted-proxies", "127.0.0.1,192.0.2.0/24", "sluice.stream.arrivals-at-once", "1");
        }
    }

    private static final String SWITCHED = "101";
    private static final String AGENT = "Linux/6.1 headless-client/1.5.4 (x86_64; 6.1)";

    @InjectDatabase
    TestDatabase database;

    @TestHTTPResource("/")
    URI url;

    @Inject
    Transactions transactions;

    @Inject
    TokenKey key;

    private World world;
    private URI base;
    private SocketPeer.Identity client;
    private String path;

    @BeforeEach
    void world() {
        world = new World(transactions, key);
        base = URI.create(url.toString().replaceAll("/$", ""));
        client = new SocketPeer.Identity("client", world.clientTokenText, "client", World.key(), true);
        path = SocketPeer.path(client);
    }

    @Test
    void shouldAnswerABadTokenWith401AndItsReason() {
        var response = SocketPeer.refused(base, SocketPeer.path(client.with("nonsense")), AGENT);
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue(Reason.HEADER)).contains("token_invalid");
        assertThat(SocketPeer.refused(base, SocketPeer.path(client.with(world.gatewayTokenText)), AGENT)
                        .statusCode())
                .isEqualTo(401);
        assertThat(SocketPeer.refused(base, "/client/websocket", AGENT).statusCode())
                .isEqualTo(401);
    }

    @Test
    void shouldAnswerMalformedParametersWith422() {
        assertThat(SocketPeer.refused(base, SocketPeer.path(client).replace("external_id", "nobody"), AGENT)
                        .statusCode())
                .isEqualTo(422);
        assertThat(SocketPeer.refused(base, SocketPeer.path(client).replace("public_key", "key"), AGENT)
                        .statusCode())
                .isEqualTo(422);
        assertThat(SocketPeer.refused(base, SocketPeer.path(client), "curl/8").statusCode())
                .isEqualTo(422);
    }

    @Test
    void shouldAnswerADisabledAccountWith503() {
        world.execute("UPDATE account SET disabled_at = now() WHERE id = ?", world.accountId);
        var response = SocketPeer.refused(base, SocketPeer.path(client), AGENT);
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
        assertThat(response.headers().firstValue(Reason.HEADER)).contains("account_disabled");
    }

    @Test
    void shouldNotBelieveWhatTheClientPutBeforeTheProxysEntry() throws Exception {
        assertThat(shake(path, "X-Forwarded-For: 198.51.100.1, 203.0.113.77, 192.0.2.9"))
                .isEqualTo(SWITCHED);
        assertThat(client("host(last_seen_remote_ip)")).isEqualTo("203.0.113.77");

        assertThat(shake(path, "X-Forwarded-For: 198.51.100.1", "X-Forwarded-For: 203.0.113.78"))
                .isEqualTo(SWITCHED);
        assertThat(client("host(last_seen_remote_ip)")).isEqualTo("203.0.113.78");
    }

    @Test
    void shouldTakeTheRegionFromTheProxyAndForgetItWithoutOne() throws Exception {
        assertThat(shake(path, "X-Forwarded-For: 203.0.113.77", "x-geo-location-region: de"))
                .isEqualTo(SWITCHED);
        assertThat(client("last_seen_region")).isEqualTo("DE");
        assertThat(shake(path)).isEqualTo(SWITCHED);
        assertThat(client("coalesce(last_seen_region, 'none')")).isEqualTo("none");
    }

    /** Of those who come at once, as many are let wait for the database as the portal takes. */
    @Test
    void shouldTellWhoComesBesideTheOthersToComeAgain() throws Exception {
        try (var session = new Session(database)) {
            session.execute("SELECT FROM client WHERE id = '" + world.client.id() + "' FOR UPDATE");
            var first = session.start(1, () -> shake(path));

            assertThat(shake(path)).isEqualTo("503");

            session.rollback();
            assertThat(Session.result(first)).isEqualTo(SWITCHED);
        }
        assertThat(shake(path)).as("once there is room again").isEqualTo(SWITCHED);
    }

    /** What is no URI at all, the server refuses before us. */
    @ParameterizedTest
    @CsvSource({"&name=%zz,400", "&name=a%00b,422", "&device_serial=%1b%5b31m,422", "&external_id=%07,422"})
    void shouldRefuseWhatCannotBeReadWithoutALineAboutTheToken(String parameter, String status) throws Exception {
        var name = parameter.substring(1, parameter.indexOf('='));
        var lines = new ConcurrentLinkedQueue<String>();
        var handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(line.getMessage() + " " + line.getThrown());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        var root = Logger.getLogger("");
        root.addHandler(handler);
        try {
            assertThat(shake(path.replaceAll("&" + name + "=[^&]*", "") + parameter))
                    .isEqualTo(status);
        } finally {
            root.removeHandler(handler);
        }
        assertThat(lines).noneMatch(line -> line.contains(world.clientTokenText));
    }

    /** The status with which the server answers. */
    private String shake(String target, String... headers) throws IOException {
        try (var socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(20_000);
            var request = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: portal\r\nConnection: Upgrade\r\n"
                    + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                    + "User-Agent: " + AGENT + "\r\n");
            for (var header : headers) {
                request.append(header).append("\r\n");
            }
            socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine()
                    .split(" ")[1];
        }
    }

    private String client(String expression) {
        return world.one(
                "SELECT " + expression + " AS v FROM client WHERE id = ?", row -> row.text("v"), world.client.id());
    }
}
