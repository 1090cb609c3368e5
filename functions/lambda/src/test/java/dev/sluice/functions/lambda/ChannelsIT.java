package dev.sluice.functions.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.emulator.WebSocketApi;
import dev.sluice.functions.testing.SocketPeer;
import dev.sluice.functions.testing.World;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Devices at a WebSocket API, behind which functions stand still between any two messages. */
@ExtendWith(DatabaseExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChannelsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AtomicBoolean tellsEnds = new AtomicBoolean(true);
    private final AtomicBoolean throttles = new AtomicBoolean();
    private TestDatabase database;
    private Functions functions;
    private World world;
    private SocketPeer.Identity client;
    private SocketPeer.Identity gateway;

    @BeforeAll
    void start(TestDatabase created) {
        database = created;
        functions = Functions.start(
                database, new WebSocketApi.Hardness().tellsEnds(tellsEnds::get).throttles(throttles::get));
    }

    @AfterAll
    void stop() {
        functions.close();
    }

    @BeforeEach
    void world() {
        world = new World(database);
        database.execute("DELETE FROM channel");
        client = new SocketPeer.Identity("client", world.clientTokenText, "client", World.key(), true);
        gateway = new SocketPeer.Identity("gateway", world.gatewayTokenText, "gateway", World.key(), true);
    }

    @AfterEach
    void easy() {
        tellsEnds.set(true);
        throttles.set(false);
    }

    private static String ask(World world) {
        return "{\"resource_id\":\"" + world.resourceId + "\",\"connected_gateway_ids\":[]}";
    }

    @Test
    void shouldGrantConfirmAndEndAFlow() throws Exception {
        try (var c = SocketPeer.join(functions.sockets(), client);
                var g = SocketPeer.join(functions.sockets(), gateway)) {
            c.send("create_flow", ask(world));
            var asked = g.await("authorize_flow");
            g.send("flow_authorized", "{\"ref\":" + asked.payload().path("ref") + "}");
            assertThat(c.await("flow_created").payload().path("resource_id").asText())
                    .isEqualTo(world.resourceId.toString());

            database.execute("UPDATE policy SET disabled_at = now() WHERE id = '" + world.policyId + "'");
            functions.minute();

            assertThat(g.await("reject_access").payload().path("resource_id").asText())
                    .isEqualTo(world.resourceId.toString());
            c.await("resource_deleted");
        }
    }

    @Test
    void shouldServePeersOfBothKindsAndDialects() throws Exception {
        for (var identity : new SocketPeer.Identity[] {
            client.second(), new SocketPeer.Identity("client", world.clientTokenText, "client", World.key(), false)
        }) {
            try (var peer = SocketPeer.join(functions.sockets(), identity)) {
                peer.send("{\"topic\":\"phoenix\",\"event\":\"heartbeat\",\"payload\":{},\"ref\":9}");
                assertThat(peer.await("phx_reply").ref()).isEqualTo(9);
            }
        }
    }

    @Test
    void shouldRefuseAHandshakeAsAProcessDoes() {
        var stranger = client.with("no.token");
        assertThat(SocketPeer.refused(
                                functions.sockets(),
                                SocketPeer.path(stranger),
                                "Linux/6.1 headless-client/1.5.4 (x86_64)")
                        .statusCode())
                .isEqualTo(401);
    }

    /** Though nobody says that the device is gone. */
    @Test
    void shouldLoseNothingOfADeviceThatComesAgain() throws Exception {
        tellsEnds.set(false);
        try (var c = SocketPeer.join(functions.sockets(), client)) {
            try (var g = SocketPeer.join(functions.sockets(), gateway)) {
                c.send("create_flow", ask(world));
                g.await("authorize_flow");
            }
            try (var again = SocketPeer.join(functions.sockets(), gateway)) {
                assertThat(again.await("authorize_flow").payload().path("ref").asText())
                        .isNotEmpty();
            }
        }
    }

    @Test
    void shouldTellLaterWhatIsThrottledNow() throws Exception {
        try (var c = SocketPeer.join(functions.sockets(), client);
                var g = SocketPeer.join(functions.sockets(), gateway)) {
            throttles.set(true);
            c.send("create_flow", ask(world));
            var deadline = Instant.now().plus(PATIENCE);
            while (world.flowCount() == 0
                    || world.count(
                                    "SELECT count(*) FROM pushed_connection WHERE leased_until > now() AND lease IS NULL")
                            == 0) {
                assertThat(Instant.now()).isBefore(deadline);
            }
            throttles.set(false);
            world.execute("UPDATE pushed_connection SET leased_until = now() WHERE lease IS NULL");
            functions.minute();
            g.await("authorize_flow");
        }
    }

    @Test
    void shouldBearADeviceThatComesAgainAndAgain() throws Exception {
        tellsEnds.set(false);
        for (int n = 0; n < 100; n++) {
            SocketPeer.connect(functions.sockets(), client).close();
        }
        assertThat(world.count("SELECT count(*) FROM pushed_connection WHERE account_id = ?", world.accountId))
                .isLessThanOrEqualTo(9);
        try (var c = SocketPeer.join(functions.sockets(), client)) {
            c.send("{\"topic\":\"phoenix\",\"event\":\"heartbeat\",\"payload\":{},\"ref\":9}");
            c.await("phx_reply");
        }
    }

    /** After two hours; here after half a second. */
    @Test
    void shouldForgetAConnectionThatTheServiceHasEnded() throws Exception {
        var hardness = new WebSocketApi.Hardness().life(Duration.ofMillis(500));
        try (var shortLived = Functions.start(database, hardness);
                var c = SocketPeer.connect(shortLived.sockets(), client)) {
            c.awaitClose();
            var deadline = Instant.now().plus(PATIENCE);
            while (world.count("SELECT count(*) FROM pushed_connection WHERE account_id = ?", world.accountId) > 0) {
                assertThat(Instant.now()).isBefore(deadline);
            }
        }
    }

    @Test
    void shouldEndTheConnectionOfWhomIsTakenOut() throws Exception {
        try (var c = SocketPeer.join(functions.sockets(), client)) {
            database.execute("DELETE FROM token WHERE id = '" + world.clientToken.id() + "'");
            functions.minute();
            c.await("disconnect");
            c.awaitClose();
        }
    }
}
