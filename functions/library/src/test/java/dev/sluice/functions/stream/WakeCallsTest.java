package dev.sluice.functions.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.testing.Pool;
import dev.sluice.functions.testing.World;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two instances on one database: what one commits for a device of the other, the other hears of. */
@ExtendWith(DatabaseExtension.class)
class WakeCallsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void shouldBeHeardByOthersAndNotByTheInstanceThatCalls(TestDatabase database) throws Exception {
        var world = new World(database);
        var one = new Portal(world.transactions);
        var other = new Portal(world.transactions);
        other.join(world.client, new Wire());
        var calls = new WakeCalls(Pool.source(database.application()), other.wake, other.instance);
        calls.start();
        try {
            one.wake.signal(world.client.id());
            assertThat(one.wake.takeElsewhere()).isTrue();
            boolean heard = false;
            // It may not listen yet.
            for (long end = System.nanoTime() + PATIENCE.toNanos(); !heard && System.nanoTime() < end; ) {
                call(world, one.instance.id());
                heard = other.wake.await(Duration.ofMillis(200));
            }
            assertThat(heard).isTrue();

            call(world, other.instance.id());
            call(world, other.instance.id());
            assertThat(other.wake.await(Duration.ofMillis(200))).as("its own").isFalse();
        } finally {
            calls.stop();
        }
    }

    @Test
    void shouldNotBeNeededForADeviceThatIsHere(TestDatabase database) {
        var world = new World(database);
        var portal = new Portal(world.transactions);
        portal.join(world.client, new Wire());

        portal.wake.signal(world.client.id());

        assertThat(portal.wake.takeElsewhere()).isFalse();
    }

    private static void call(World world, UUID instanceId) {
        world.transactions.ofPortal().run(transaction -> WakeCalls.tellOthers(transaction, instanceId));
    }
}
