package dev.sluice.functions.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.job.Leases;
import dev.sluice.functions.stream.Channels;
import dev.sluice.functions.stream.DueChannels;
import dev.sluice.functions.stream.Instance;
import dev.sluice.functions.stream.InstanceWake;
import dev.sluice.functions.testing.Settings;
import dev.sluice.functions.testing.World;
import io.quarkus.runtime.ShutdownEvent;
import java.time.Duration;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DatabaseExtension.class)
class JobsTest {
    private World world;
    private Running first;
    private Running second;

    /** An instance's jobs, on a thread of their own. */
    private final class Running {
        final Instance instance = new Instance(world.transactions, Settings.STREAM);
        final Leases leases = new Leases(world.transactions);
        final Jobs jobs = new Jobs(
                leases,
                new TimedRevocation(world.transactions),
                new InstanceWake(
                        new Channels(world.transactions, world.transactions, instance, Settings.STREAM),
                        new DueChannels()));
        Thread thread;

        void begin() {
            thread = Thread.ofVirtual().start(() -> jobs.expire(true));
        }

        boolean ends() throws InterruptedException {
            return thread.join(Duration.ofSeconds(20));
        }

        void stop() {
            jobs.stop(new ShutdownEvent());
        }
    }

    @BeforeEach
    void world(TestDatabase database) {
        world = new World(database);
        world.execute("DELETE FROM lease");
        first = new Running();
        second = new Running();
    }

    @AfterEach
    void stop() {
        first.stop();
        second.stop();
    }

    @Test
    void shouldEndWhatEndsWhileItRuns() {
        first.begin();
        await("the first holds the lease", () -> holder(first));
        var flow = world.authorize();

        world.flows.expire(world.accountId, flow.flowId(), Duration.ofMillis(3500));

        await("the flow has ended", () -> world.outbox(world.gateway).contains("reject_access expired"));
        assertThat(first.thread.isAlive()).as("more than one round long").isTrue();
    }

    @Test
    void shouldRunOnOneInstanceUntilThatOneStops() throws Exception {
        first.begin();
        await("the first holds the lease", () -> holder(first));

        second.begin();
        assertThat(second.ends()).as("somebody else holds the lease").isTrue();
        assertThat(holder(first)).isTrue();

        first.stop();
        second.begin();
        await("the second holds the lease", () -> holder(second));
        assertThat(first.ends()).isTrue();
    }

    /** A function is called for what is due, and paid for by the moment. */
    @Test
    void shouldEndWhatIsDueAndNoMoreWhereItMayNotStay() {
        var flow = world.authorize();
        world.flows.expire(world.accountId, flow.flowId(), Duration.ZERO);

        first.jobs.expire(false);

        assertThat(world.outbox(world.gateway)).contains("reject_access expired");
    }

    private boolean holder(Running running) {
        UUID id = running.leases.holder();
        return world.transactions
                .inAccount(world.accountId)
                .call(transaction -> transaction
                        .first(
                                "SELECT FROM lease WHERE name = 'expiry' AND holder = ? AND expires_at > now()",
                                row -> true,
                                id)
                        .isPresent());
    }

    private static void await(String what, BooleanSupplier holds) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}
