package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.sluice.channel.Frame;
import dev.sluice.channel.FrameCodec;
import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.database.InjectDatabase;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.SocketPeer;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Instant;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What sockets bear: floods from devices, and texts from several threads. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class SocketLimitsTest {
    /** Twice of what may wait. */
    private static final int FLOOD = 1000;

    @InjectDatabase
    TestDatabase database;

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
    void shouldCloseAConnectionThatAsksFasterThanItCanBeAnswered() throws Exception {
        try (var holder = database.owner().connect();
                var c = SocketPeer.join(base, client)) {
            holder.setAutoCommit(false);
            try (var statement = holder.createStatement()) {
                statement.execute("SELECT take_turn('" + world.accountId + "')");
            }
            try {
                for (int i = 0; i < FLOOD; i++) {
                    c.send(
                            "create_flow",
                            "{\"resource_id\":\"" + world.resourceId + "\",\"connected_gateway_ids\":[]}");
                }
            } catch (CompletionException e) {
                assertThat(c.awaitClose()).as("closed while it sent").isNotNull();
            }
            assertThat(c.awaitClose()).isEqualTo("too many messages");
        }
    }

    @Test
    void shouldEndTheChannelOfADeviceThatReadsNoMore() throws Exception {
        try (var c = SocketPeer.join(base, client)) {
            c.stopReading();
            var connection = OpenSockets.of(sockets, world.client);
            var text = FrameCodec.encode(
                    new Frame(Frame.CLIENT, "noise", TextNode.valueOf("x".repeat(10_000)), null, null));
            for (int i = 0; i < 12_000; i++) {
                connection.send(text);
            }

            var deadline = Instant.now().plusSeconds(30);
            while (world.count("SELECT count(*) FROM channel WHERE device_id = ?", world.client.id()) > 0) {
                assertThat(Instant.now()).as("the channel stands").isBefore(deadline);
            }
        }
    }

    /** Each text is several frames long. */
    @Test
    void shouldNotMixTheTextsOfTwoThreads() throws Exception {
        try (var c = SocketPeer.join(base, client);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var connection = OpenSockets.of(sockets, world.client);
            var text = FrameCodec.encode(
                    new Frame(Frame.CLIENT, "noise", TextNode.valueOf("x".repeat(1_000_000)), null, null));
            for (int i = 0; i < 4; i++) {
                threads.submit(() -> {
                    for (int j = 0; j < 20; j++) {
                        connection.send(text);
                    }
                });
            }
            for (int i = 0; i < 80; i++) {
                assertThat(c.await("noise").payload().textValue()).hasSize(1_000_000);
            }
        }
    }
}
