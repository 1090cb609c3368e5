package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Detail;
import dev.sluice.channel.Frame;
import dev.sluice.channel.Reason;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How the portal ends a connection. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class SocketCloseTest {
    private static final String AGENT = "Linux/6.1 headless-client/1.5.4 (x86_64; 6.1)";

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

    @BeforeEach
    void world() {
        base = URI.create(url.toString().replaceAll("/$", ""));
        world = new World(transactions, key);
        client = new SocketPeer.Identity("client", world.clientTokenText, "client", World.key(), true);
    }

    @Test
    void shouldCloseTheSocketOfADeletedTokenAndRefuseTheNext() throws Exception {
        try (var c = SocketPeer.join(base, client)) {
            world.tokens.delete(world.accountId, world.clientToken.id());
            var disconnect = c.await(Frame.DISCONNECT);
            assertThat(disconnect.reason()).isEqualTo(Frame.TOKEN_EXPIRED);
            assertThat(disconnect.sluice().detail()).isEqualTo(Detail.of(Reason.TOKEN_DELETED));
            assertThat(c.awaitClose()).isEqualTo("token_deleted");
        }
        var response = SocketPeer.refused(base, SocketPeer.path(client), AGENT);
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue(Reason.HEADER)).contains("token_deleted");
    }

    @Test
    void shouldLetTheSecondConnectionOfADeviceWin() throws Exception {
        try (var first = SocketPeer.join(base, client);
                var second = SocketPeer.join(base, client)) {
            assertThat(first.awaitClose()).isEqualTo("another connection of this device");
            world.policies.disable(world.accountId, world.policyId);
            second.await("resource_deleted");
        }
    }

    @Test
    void shouldCloseASocketThatIsSilentForTooLong() throws Exception {
        try (var c = SocketPeer.join(base, client)) {
            sockets.closeIdle(System.nanoTime());
            c.send("{\"topic\":\"phoenix\",\"event\":\"heartbeat\",\"payload\":{},\"ref\":46}");
            c.await(f -> Long.valueOf(46).equals(f.ref()));
            sockets.closeIdle(System.nanoTime() + Duration.ofSeconds(46).toNanos());
            assertThat(c.awaitClose()).isEqualTo("idle");
        }
    }

    /** Peers of 2025 echo a close frame and then wait for the end of the connection. */
    @Test
    void shouldEndTheConnectionItselfAfterTheCloseFrame() throws Exception {
        var old = new SocketPeer.Identity("client", world.clientTokenText, "client", client.key(), false);
        try (var socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET " + SocketPeer.path(old) + " HTTP/1.1\r\nHost: portal\r\nConnection: Upgrade\r\n"
                                    + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nUser-Agent: " + AGENT
                                    + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var in = socket.getInputStream();
            readHead(in);
            socket.getOutputStream()
                    .write(masked(0x81, "{\"topic\":\"client\",\"event\":\"phx_join\",\"payload\":null,\"ref\":0}"));
            readFrame(in);
            readFrame(in);
            world.tokens.delete(world.accountId, world.clientToken.id());
            byte[] close = readFrame(in);
            while (close[0] != (byte) 0x88) {
                close = readFrame(in);
            }
            assertThat(close.length).as("a close frame with words").isGreaterThan(4);
            socket.getOutputStream()
                    .write(masked(0x88, new String(close, 2, close.length - 2, StandardCharsets.ISO_8859_1)));
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    private static void readHead(InputStream in) throws Exception {
        int last = 0;
        while (last != 0x0D0A0D0A) {
            int next = in.read();
            assertThat(next).isNotNegative();
            last = last << 8 | next;
        }
    }

    /** One frame of the server: two bytes of header, or four, and the payload. */
    private static byte[] readFrame(InputStream in) throws Exception {
        byte[] header = in.readNBytes(2);
        int length = header[1] & 0x7F;
        if (length == 126) {
            byte[] extended = in.readNBytes(2);
            length = (extended[0] & 0xFF) << 8 | extended[1] & 0xFF;
        }
        byte[] payload = in.readNBytes(length);
        return ByteBuffer.allocate(2 + length).put(header).put(payload).array();
    }

    private static byte[] masked(int first, String text) {
        byte[] payload = text.getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(6 + payload.length)
                .put((byte) first)
                .put((byte) (0x80 | payload.length))
                .putInt(0)
                .put(payload)
                .array();
    }
}
