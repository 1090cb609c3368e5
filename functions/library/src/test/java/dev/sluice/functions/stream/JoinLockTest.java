package dev.sluice.functions.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.device.Device;
import dev.sluice.functions.testing.Session;
import dev.sluice.functions.testing.Settings;
import dev.sluice.functions.testing.World;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A join locks what owns before what it owns, as deletions do: it waits for them, and they do not wait for each other. */
@ExtendWith(DatabaseExtension.class)
class JoinLockTest {
    @Test
    void shouldWaitForTheDeletionOfTheActor(TestDatabase database) throws Exception {
        var world = new World(database);
        joinDuring(database, world, world.client, "DELETE FROM actor WHERE id = '" + world.actorId + "'", "token");
    }

    @Test
    void shouldWaitForTheDeletionOfTheSite(TestDatabase database) throws Exception {
        var world = new World(database);
        joinDuring(database, world, world.gateway, "DELETE FROM site WHERE id = '" + world.siteId + "'", "token");
    }

    private static void joinDuring(TestDatabase database, World world, Device device, String deletion, String obstacle)
            throws Exception {
        var channels = new Channels(
                world.transactions,
                world.transactions,
                new Instance(world.transactions, Settings.STREAM),
                Settings.STREAM);
        try (var other = new Session(database)) {
            other.execute("SELECT FROM " + obstacle + " WHERE id = '"
                    + device.credential().tokenId() + "' FOR SHARE");
            var deleted = other.start(1, () -> {
                database.execute(deletion);
                return true;
            });
            var joined = other.start(2, () -> channels.register(device));
            other.commit();

            assertThat(Session.result(deleted)).isTrue();
            assertThat(Session.result(joined)).isInstanceOf(ChannelOwner.Registered.Refused.class);
        }
        assertThat(world.transactions.retries()).isZero();
    }
}
