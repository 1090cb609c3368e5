package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Detail;
import dev.sluice.channel.Frame;
import dev.sluice.channel.Reason;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.SocketPeer;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
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

    private static final String HEARTBEAT = "{\"topic\":\"phoenix\",\"event\":\"heartbeat\",\"payload\":{},\"ref\":46}";

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
            c.send(HEARTBEAT);
            c.await(f -> Long.valueOf(46).equals(f.ref()));
            sockets.closeIdle(System.nanoTime() + Duration.ofSeconds(46).toNanos());
            assertThat(c.awaitClose()).isEqualTo("idle");
        }
    }

    /** Peers of 2025 echo a close frame and then wait for the end of the connection. */
    @Test
    void shouldEndTheConnectionItselfAfterTheCloseFrame() throws Exception {
        var old = new SocketPeer.Identity("client", world.clientTokenText, "client", client.key(), false);
        try (var socket = RawSocket.open(base, SocketPeer.path(old), AGENT)) {
            socket.send(RawSocket.TEXT, "{\"topic\":\"client\",\"event\":\"phx_join\",\"payload\":null,\"ref\":0}");
            socket.read();
            socket.read();
            world.tokens.delete(world.accountId, world.clientToken.id());
            var close = socket.awaitClose();
            assertThat(close.payload()).as("a close frame with words").hasSizeGreaterThan(2);
            socket.send(RawSocket.CLOSE, close.payload());
            assertThat(socket.isAtEnd()).isTrue();
        }
    }

    @Test
    void shouldCloseASocketThatSaysMuchAndNeverJoins() throws Exception {
        try (var silent = SocketPeer.connect(base, client);
                var joined = SocketPeer.join(base, client)) {
            silent.send(HEARTBEAT);
            silent.await(Frame::isReply);
            joined.send(HEARTBEAT);
            joined.await(Frame::isReply);

            sockets.closeIdle(System.nanoTime() + Duration.ofSeconds(16).toNanos());

            assertThat(silent.awaitClose()).isEqualTo("not joined");
            joined.send(HEARTBEAT);
            joined.await(Frame::isReply);
        }
    }
}
