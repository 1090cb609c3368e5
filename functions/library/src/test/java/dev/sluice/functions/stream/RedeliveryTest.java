package dev.sluice.functions.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Frame;
import dev.sluice.channel.FrameCodec;
import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.device.Device;
import dev.sluice.functions.testing.World;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a connection was handed before it broke is said again to the next one. */
@ExtendWith(DatabaseExtension.class)
class RedeliveryTest {
    private final TestDatabase database;
    private World world;
    private Portal portal;
    private Device gateway;

    RedeliveryTest(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void world() {
        world = new World(database);
        portal = new Portal(world.transactions);
        gateway = JoinTest.notOwn(world.gateway);
    }

    @Test
    void shouldSayAgainWhatWentToAConnectionWhileItWasReplaced() {
        world.authorize();
        var next = new Wire();
        var broken = new Wire().onSend(text -> {
            if (text.contains("reject_access") && next.texts().isEmpty()) {
                portal.join(gateway, next);
            }
        });
        portal.join(gateway, broken);
        revoke();

        portal.deliver();
        portal.deliver();

        assertThat(next.texts()).last().asString().contains("reject_access");
    }

    @Test
    void shouldGiveBackWhatADeviceMayNotHaveHeardSinceItWasHeardLast() {
        world.authorize();
        var channel = portal.connect(gateway, new Wire());
        channel.receive(
                FrameCodec.encode(Frame.heartbeat(7)),
                System.nanoTime() - Duration.ofSeconds(45).toNanos());
        Portal.join(channel);
        revoke();
        portal.deliver();
        sentBefore(Duration.ofSeconds(100));

        channel.closed();

        assertThat(rejoined()).last().asString().contains("reject_access");
    }

    @Test
    void shouldNotSayAgainWhatADeviceWasHeardAfter() {
        world.authorize();
        var channel = portal.join(gateway, new Wire());
        revoke();
        portal.deliver();
        sentBefore(Duration.ofSeconds(100));

        channel.closed();

        assertThat(rejoined()).noneMatch(text -> text.contains("reject_access"));
    }

    @Test
    void shouldGiveBackWhatWaitedForASlowReader() {
        world.authorize();
        var wire = new Wire().stuckFor(Duration.ofMinutes(5));
        var channel = portal.join(gateway, wire);
        revoke();
        portal.deliver();
        sentBefore(Duration.ofMinutes(5));

        channel.closed();

        assertThat(rejoined()).last().asString().contains("reject_access");
    }

    @Test
    void shouldGiveBackWhatADeadInstanceWasTheLastToHand() {
        world.authorize();
        portal.join(gateway, new Wire());
        revoke();
        portal.deliver();
        sentBefore(Duration.ofMinutes(6));
        world.execute("UPDATE instance SET seen_at = now() - interval '5 minutes' WHERE id = ?", portal.instance.id());

        portal = new Portal(world.transactions);

        assertThat(rejoined()).last().asString().contains("reject_access");
    }

    @Test
    void shouldSayAgainWhichFiltersHold() {
        world.authorize();
        var channel = portal.join(gateway, new Wire());
        world.setFilters(world.resourceId, "tcp:443");
        portal.deliver();

        channel.closed();

        assertThat(rejoined()).last().asString().contains("resource_updated");
    }

    @Test
    void shouldNotGoOnHandingARequestToAGatewayThatJoinsAgainBecauseOfIt() {
        portal.join(gateway, new Wire());
        world.grant();

        int requests = 0;
        for (int join = 0; join < 10; join++) {
            portal.deliver();
            requests += (int) rejoined().stream()
                    .filter(text -> text.contains("authorize_flow"))
                    .count();
        }

        assertThat(requests).isEqualTo(2);
    }

    private void revoke() {
        world.policies.disable(world.accountId, world.policyId);
    }

    /** As if everything had been handed over this long ago. */
    private void sentBefore(Duration time) {
        world.execute(
                "UPDATE outbox SET sent_at = now() - ? * interval '1 second' WHERE sent_at IS NOT NULL",
                time.toSeconds());
    }

    /** What the gateway is told when it is back. */
    private List<String> rejoined() {
        var wire = new Wire();
        portal.join(gateway, wire);
        portal.deliver();
        return wire.texts();
    }
}
