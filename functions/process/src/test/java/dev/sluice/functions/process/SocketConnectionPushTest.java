package dev.sluice.functions.process;

import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.stream.ConnectionPush;
import dev.sluice.functions.testing.ConnectionPushKit;
import dev.sluice.functions.testing.SocketPeer;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Over a socket of this process. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class SocketConnectionPushTest extends ConnectionPushKit {
    @TestHTTPResource("/")
    URI url;

    @Inject
    Transactions transactions;

    @Inject
    Sockets sockets;

    @Inject
    TokenKey key;

    @Override
    protected Line open() throws Exception {
        var world = new World(transactions, key);
        var peer = SocketPeer.join(
                URI.create(url.toString().replaceAll("/$", "")),
                new SocketPeer.Identity("client", world.clientTokenText, "client", World.key(), true));
        var push = OpenSockets.of(sockets, world.client);
        return new Line() {
            @Override
            public ConnectionPush push() {
                return push;
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
