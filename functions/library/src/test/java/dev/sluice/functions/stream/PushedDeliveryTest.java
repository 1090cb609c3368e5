package dev.sluice.functions.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.channel.Frame;
import dev.sluice.channel.FrameCodec;
import dev.sluice.functions.database.DatabaseExtension;
import dev.sluice.functions.database.TestDatabase;
import dev.sluice.functions.device.Device.Role;
import dev.sluice.functions.testing.World;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is marked as sent when telling devices something breaks off. */
@ExtendWith(DatabaseExtension.class)
class PushedDeliveryTest {
    private static final String ADDRESS = "api/gateway/g1";
    private static final Duration WITHIN = Duration.ofSeconds(20);

    private final World world;

    PushedDeliveryTest(TestDatabase database) {
        world = new World(database);
    }

    /** It was handed over, and not posted yet, when the database failed for somebody who was told something with it. */
    @Test
    void shouldNotMarkWhatWasHandedOverAndNotSent() {
        var held = new HeldConnections();
        var function = new PushedPortal(world, held).connections;
        function.open(
                ADDRESS,
                Role.GATEWAY,
                world.gatewayTokenText,
                World.parameters("gateway", World.key(), "gateway/1.4.17", true));
        held.open(ADDRESS);
        function.receive(ADDRESS, FrameCodec.encode(Frame.join(Frame.GATEWAY, 1)), WITHIN);
        world.grant();
        long entry = world.count("SELECT max(id) AS count FROM outbox WHERE device_id = ?", world.gateway.id());
        var transactions = world.transactions;
        var delivery = new PushedDelivery(
                transactions,
                new Delivery(transactions, null, null, null) {
                    private boolean second;

                    @Override
                    boolean deliver(List<Channel> served, long now, Consumer<Marks.Mark> handed) {
                        if (second) {
                            handed.accept(new Marks.Mark(served.getFirst(), List.of(entry), List.of()));
                            throw new IllegalStateException("the database went away");
                        }
                        second = true;
                        return true;
                    }
                },
                new Marks(transactions),
                held);

        assertThatThrownBy(() -> delivery.deliver(Set.of(), null, System.nanoTime() + WITHIN.toNanos()))
                .hasMessage("the database went away");

        assertThat(world.count(
                        "SELECT count(*) FROM outbox WHERE device_id = ? AND sent_at IS NULL", world.gateway.id()))
                .isOne();
    }
}
