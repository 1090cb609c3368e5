package dev.sluice.functions.lambda;

import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.emulator.WebSocketApi;
import dev.sluice.functions.stream.ConnectionPush;
import dev.sluice.functions.stream.PostedConnection;
import dev.sluice.functions.testing.ConnectionPushKit;
import dev.sluice.functions.testing.SocketPeer;
import dev.sluice.functions.testing.World;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Over a connection that a WebSocket API holds. */
@ExtendWith(DatabaseExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiGatewayIT extends ConnectionPushKit {
    private TestDatabase database;
    private Functions functions;

    @BeforeAll
    void start(TestDatabase created) {
        database = created;
        functions = Functions.start(database, new WebSocketApi.Hardness());
        System.setProperty("aws.accessKeyId", "AKIAEXAMPLE");
        System.setProperty("aws.secretAccessKey", "example");
    }

    @AfterAll
    void stop() {
        functions.close();
        System.clearProperty("aws.accessKeyId");
        System.clearProperty("aws.secretAccessKey");
    }

    @Override
    protected Line open() throws Exception {
        var world = new World(database);
        var peer = SocketPeer.join(
                functions.sockets(),
                new SocketPeer.Identity("client", world.clientTokenText, "client", World.key(), true));
        var address = world.texts("SELECT address AS v FROM pushed_connection").getFirst();
        var push = new PostedConnection(
                new ApiGateway(Optional.of(functions.posts().toString())), address, Long.MAX_VALUE);
        return new Line() {
            @Override
            public ConnectionPush push() {
                return push;
            }

            @Override
            public void flush() {
                push.drain();
            }

            @Override
            public @Nullable String next() throws InterruptedException {
                return peer.nextText();
            }

            @Override
            public void vanish() {
                peer.close();
            }

            @Override
            public void close() {
                peer.close();
            }
        };
    }
}
