package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Peers say their first word as soon as the handshake is answered. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class FirstFrameTest {
    private static final int PEERS = 6;
    private static final int JOINS = 100;

    @TestHTTPResource("/")
    URI url;

    @Inject
    Transactions transactions;

    @Inject
    TokenKey key;

    @Test
    void shouldHearTheFirstFrameOfEveryConnection() throws Exception {
        URI base = URI.create(url.toString().replaceAll("/$", ""));
        World world = new World(transactions, key);
        List<Future<Integer>> peers = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(PEERS)) {
            for (int i = 0; i < PEERS; i++) {
                var peer = new SocketPeer.Identity("client", world.clientTokenText, "peer-" + i, World.key(), true);
                peers.add(threads.submit(() -> joins(base, peer)));
            }
            for (var joined : peers) {
                assertThat(joined.get()).isEqualTo(JOINS);
            }
        }
    }

    private static int joins(URI base, SocketPeer.Identity identity) throws Exception {
        int joined = 0;
        while (joined < JOINS) {
            try (var peer = SocketPeer.join(base, identity)) {
                joined++;
            }
        }
        return joined;
    }
}
