package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Frame;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.SocketPeer;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What nobody of good will sends: it ends at its sender, and everybody else is served as before. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class BadInputTest {
    private static final String AGENT = "Linux/6.1.0 headless-client/1.5.4 (x86_64)";

    /** FIN and opcode of the frames of one message (RFC 6455 section 5.4). */
    private static final int TEXT_BEGINS = 0x01;

    private static final int TEXT_GOES_ON = 0x00;
    private static final int TEXT_ENDS = 0x80;

    @TestHTTPResource("/")
    URI url;

    @Inject
    Transactions transactions;

    @Inject
    Sockets sockets;

    @Inject
    TokenKey key;

    private URI base;
    private World world;
    private SocketPeer.Identity client;
    private SocketPeer.Identity stranger;

    @BeforeEach
    void world() {
        base = URI.create(url.toString().replaceAll("/$", ""));
        world = new World(transactions, key);
        client = new SocketPeer.Identity("client", world.clientTokenText, "client", World.key(), true);
        stranger = new SocketPeer.Identity("client", world.clientTokenText, "stranger", World.key(), true);
    }

    /** Nothing of it is waited for, nor kept. */
    @Test
    void shouldEndAtTheHeadOfAFrameOf16MiB() throws Exception {
        try (var c = SocketPeer.join(base, client);
                var raw = open()) {
            raw.head(RawSocket.TEXT, 16 << 20);
            assertThat(raw.isAtEnd()).isTrue();
            assertServed(c);
        }
    }

    /** Beyond a limit nothing of it is kept. */
    @Test
    void shouldSkipAMessageThatGrowsAndGrows() throws Exception {
        byte[] part = "x".repeat(60_000).getBytes(StandardCharsets.US_ASCII);
        try (var c = SocketPeer.join(base, client);
                var raw = join()) {
            raw.send(TEXT_BEGINS, part);
            for (int sent = 0; sent < 16 << 20; sent += part.length) {
                raw.send(TEXT_GOES_ON, part);
            }
            raw.send(TEXT_ENDS, part);
            assertAnswersHeartbeat(raw);
            assertServed(c);
        }
    }

    @Test
    void shouldIgnoreATextThatIsNotUtf8() throws Exception {
        try (var raw = join()) {
            raw.send(RawSocket.TEXT, new byte[] {'{', '"', (byte) 0xC3, (byte) 0x28, '"', '}'});
            assertAnswersHeartbeat(raw);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "99999999999999999999999999",
                "-1",
                "1e400",
                "0.5",
                "\"7\"",
                "[[[[[[]]]]]]",
            })
    void shouldAnswerWhateverTheRef(String ref) throws Exception {
        try (var c = SocketPeer.join(base, client)) {
            c.send("{\"topic\":\"phoenix\",\"event\":\"heartbeat\",\"payload\":{},\"ref\":" + ref + "}");
            assertThat(c.await(Frame::isReply).isOk()).isTrue();
            assertServed(c);
        }
    }

    @Test
    void shouldNotReadANumberOfAHundredThousandDigits() throws Exception {
        try (var c = SocketPeer.join(base, client)) {
            c.send("{\"topic\":\"client\",\"event\":\"create_flow\",\"payload\":{\"n\":" + "9".repeat(100_000) + "}}");
            assertServed(c);
        }
    }

    @Test
    void shouldBoundTheCandidatesOfOneMessage() throws Exception {
        var many = IntStream.range(0, 2_000)
                .mapToObj(i -> "\"candidate " + i + "\"")
                .collect(Collectors.joining(",", "[", "]"));
        try (var c = SocketPeer.join(base, client)) {
            c.send(
                    "broadcast_ice_candidates",
                    "{\"gateway_ids\":[\"" + world.gateway.id() + "\"],\"candidates\":" + many + "}");
            assertServed(c);
        }
    }

    /** A client may know another's id, and a gateway's that it has no flow with. */
    @Test
    void shouldNotPassCandidatesToStrangers() throws Exception {
        var gateway = new SocketPeer.Identity("gateway", world.gatewayTokenText, "gateway", World.key(), true);
        try (var g = SocketPeer.join(base, gateway);
                var c = SocketPeer.join(base, client)) {
            c.send(
                    "broadcast_ice_candidates",
                    "{\"gateway_ids\":[\"" + world.gateway.id() + "\",\"" + UUID.randomUUID()
                            + "\"],\"candidates\":[\"for a stranger\"]}");
            assertServed(c);
            assertServed(g);
            assertThat(g.texts()).noneMatch(text -> text.contains("for a stranger"));
        }
    }

    /** They hold no row, wake no job, and are gone when their time is over. */
    @Test
    void shouldServeOthersBesideAThousandConnectionsThatNeverJoin() throws Exception {
        var idle = new ArrayList<RawSocket>();
        try (var c = SocketPeer.join(base, client)) {
            long channels = channels();
            for (int i = 0; i < 1_000; i++) {
                idle.add(open());
            }
            assertServed(c);
            assertThat(channels()).isEqualTo(channels);

            sockets.closeIdle(System.nanoTime() + Duration.ofSeconds(16).toNanos());

            for (var socket : idle) {
                socket.awaitClose();
            }
            assertServed(c);
        } finally {
            for (var socket : idle) {
                socket.close();
            }
        }
    }

    private long channels() {
        return world.count("SELECT count(*) FROM channel WHERE account_id = ?", world.accountId);
    }

    private RawSocket join() throws IOException {
        var raw = open();
        raw.send(RawSocket.TEXT, "{\"topic\":\"client\",\"event\":\"phx_join\",\"payload\":null,\"ref\":0}");
        raw.read();
        raw.read();
        return raw;
    }

    private RawSocket open() throws IOException {
        return RawSocket.open(base, SocketPeer.path(stranger), AGENT);
    }

    private static void assertAnswersHeartbeat(RawSocket raw) throws IOException {
        raw.send(RawSocket.TEXT, "{\"topic\":\"phoenix\",\"event\":\"heartbeat\",\"payload\":{},\"ref\":9}");
        assertThat(new String(raw.read().payload(), StandardCharsets.UTF_8))
                .contains("\"status\":\"ok\"")
                .contains("\"ref\":9");
    }

    private static void assertServed(SocketPeer peer) throws InterruptedException {
        long ref = peer.send("no_such_thing", "{}");
        assertThat(peer.await(frame -> Long.valueOf(ref).equals(frame.ref())).reason())
                .isEqualTo("unknown_message");
    }
}
