package dev.sluice.functions.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.device.Device;
import dev.sluice.functions.flow.Reach;
import dev.sluice.functions.resource.ResourceService;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.testing.Pool;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DatabaseExtension.class)
class LifecycleTest {
    private static final int PASSES = 3;

    private final CountDownLatch passes = new CountDownLatch(PASSES);

    @Test
    void shouldGoOnDeliveringAfterAnError(TestDatabase database) throws Exception {
        var source = Pool.of(database.application());
        var transactions = new Transactions(source);
        var instance = new Instance(transactions);
        var channels = new Channels(transactions, transactions, instance);
        var relays = new Relays(Optional.empty());
        var resources = new ResourceService(transactions);
        var reach = new Reach(resources);
        var snapshots = new Snapshots(reach, relays);
        var due = new DueChannels();
        var wake = new Wake(channels, due);
        var marks = new Marks(transactions);
        var delivery = new Delivery(transactions, new Messages(resources, reach, snapshots), new Looks(reach), marks) {
            @Override
            boolean deliver(List<Channel> served, long now) {
                passes.countDown();
                throw new StackOverflowError("as a broken pass does");
            }
        };
        var metrics = new ChannelMetrics(new SimpleMeterRegistry());
        var lifecycle = new Lifecycle(
                instance,
                delivery,
                channels,
                new Sockets(transactions, channels, snapshots, wake, metrics),
                due,
                marks,
                wake,
                new WakeCalls(source, wake, instance),
                transactions,
                relays,
                new DeliveryHealth());

        lifecycle.start(new StartupEvent());
        due.add(Device.Role.CLIENT, UUID.randomUUID());
        try {
            assertThat(passes.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            lifecycle.stop(new ShutdownEvent());
        }
    }

    @Test
    void shouldNotBeReadyWhenNoPassCompletes() {
        var health = new DeliveryHealth();
        long now = System.nanoTime();
        health.passed(now);

        assertThat(health.isDelivering(now + Duration.ofSeconds(29).toNanos())).isTrue();
        assertThat(health.isDelivering(now + Duration.ofSeconds(31).toNanos())).isFalse();
    }
}
