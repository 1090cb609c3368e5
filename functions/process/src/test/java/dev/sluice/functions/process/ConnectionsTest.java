package dev.sluice.functions.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.functions.auth.TokenKey;
import dev.sluice.functions.database.DatabaseTestResource;
import dev.sluice.functions.database.InjectDatabase;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.sql.Reserved;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.SocketPeer;
import dev.sluice.functions.testing.World;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The portal's connections to its database: who waits for whom, and what they say. */
@QuarkusTest
@WithTestResource(DatabaseTestResource.class)
class ConnectionsTest {
    private static final int MANY = 25;

    @InjectDatabase
    TestDatabase database;

    @TestHTTPResource("/")
    URI url;

    @Inject
    TokenKey key;

    private final Transactions transactions;
    private final Transactions reserved;
    private final DataSource source;
    private final DataSource reservedSource;

    private World world;

    @Inject
    ConnectionsTest(
            Transactions transactions,
            @Reserved Transactions reserved,
            DataSource source,
            @io.quarkus.agroal.DataSource("reserved") DataSource reservedSource) {
        this.transactions = transactions;
        this.reserved = reserved;
        this.source = source;
        this.reservedSource = reservedSource;
    }

    @BeforeEach
    void world() {
        world = new World(transactions, key);
    }

    @Test
    void shouldServeAllOthersWhileSomebodyHoldsAPolicy() throws Exception {
        var base = URI.create(url.toString().replaceAll("/$", ""));
        var other = new World(transactions, key);
        var asking = new ArrayList<SocketPeer>();
        try (var holder = database.owner().connect();
                var told = SocketPeer.join(base, client(other, "client"))) {
            for (int i = 0; i < MANY; i++) {
                asking.add(SocketPeer.join(base, client(world, "client-" + i)));
            }
            hold(holder);
            asking.forEach(this::askOften);
            awaitWaiting(10);

            var before = Instant.now();
            database.execute("UPDATE policy SET disabled_at = now() WHERE id = '" + other.policyId + "'");
            told.await("resource_deleted");
            assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(3));
            SocketPeer.join(base, client(other, "another")).close();
            assertThat(world.flowCount()).isZero();

            holder.rollback();
            asking.getFirst().send("create_flow", ask());
            asking.getFirst().await(frame -> !frame.isReply());
        } finally {
            asking.forEach(SocketPeer::close);
        }
    }

    @Test
    void shouldNoticeAServerThatVanished() throws Exception {
        for (var pool : new DataSource[] {source, reservedSource}) {
            try (var connection = pool.getConnection()) {
                assertThat(connection.getNetworkTimeout()).isEqualTo(30_000);
            }
        }
        try (var connection = database.application().connect()) {
            assertThat(connection.getNetworkTimeout()).isEqualTo(30_000);
        }
    }

    @Test
    void shouldNotRepeatWhatTheRowsHold() {
        for (var pool : new Transactions[] {transactions, reserved}) {
            assertThatThrownBy(() ->
                            pool.inAccount(world.accountId).run(transaction -> transaction.update("""
                            INSERT INTO actor (id, account_id, type, name, email)
                            SELECT gen_random_uuid(), account_id, type, name, email FROM actor WHERE id = ?
                            """, world.actorId)))
                    .hasMessageContaining("unique constraint")
                    .hasMessageNotContaining("@example.com");
        }
    }

    private void askOften(SocketPeer peer) {
        for (int i = 0; i < 10; i++) {
            peer.send("create_flow", ask());
        }
    }

    private String ask() {
        return "{\"resource_id\":\"" + world.resourceId + "\",\"connected_gateway_ids\":[]}";
    }

    /** As a session does that somebody forgot. */
    private void hold(Connection holder) throws Exception {
        holder.setAutoCommit(false);
        try (var statement = holder.createStatement()) {
            statement.execute("SELECT take_turn('" + world.accountId + "')");
        }
    }

    private void awaitWaiting(int sessions) {
        var deadline = Instant.now().plusSeconds(20);
        long waiting = 0;
        while (waiting < sessions) {
            assertThat(Instant.now()).as("%d sessions wait", waiting).isBefore(deadline);
            waiting = reserved.ofPortal().call(transaction -> transaction.one("""
                    SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock'
                    """, row -> row.number("count")));
        }
    }

    private static SocketPeer.Identity client(World of, String externalId) {
        return new SocketPeer.Identity("client", of.clientTokenText, externalId, World.key(), true);
    }
}
