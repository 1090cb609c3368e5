package dev.sluice.datapath.connectivity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wireguard.KeyPair;
import dev.sluice.datapath.wireguard.PresharedKey;
import dev.sluice.datapath.wireguard.PublicKey;
import dev.sluice.datapath.wireguard.Timing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DeadlineQueueTest {
    private static final long SEED = 20_261_122;

    private final Random random = new Random(SEED);
    private final DeadlineQueue queue = new DeadlineQueue();

    @Test
    void shouldGiveConnectionsInTheOrderOfTheirDeadlines() {
        List<Connection> connections = connections(40);
        Map<Connection, Long> expected = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            Connection connection = connections.get(random.nextInt(connections.size()));
            long deadline = random.nextLong(1_000);
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    queue.bring(connection, deadline);
                    expected.merge(connection, deadline, Math::min);
                }
                case 2 -> {
                    queue.remove(connection);
                    expected.remove(connection);
                }
                default -> {
                    Connection due = queue.poll(deadline);
                    if (due != null) {
                        assertThat(expected.remove(due)).isLessThanOrEqualTo(deadline);
                    }
                }
            }
            long first =
                    expected.values().stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
            assertThat(queue.first()).as("seed %d, step %d", SEED, i).isEqualTo(first);
        }
    }

    @Test
    void shouldLeaveADeadlineThatMovesAwayWhereItIs() {
        Connection connection = connections(1).getFirst();
        queue.bring(connection, 5);
        queue.bring(connection, 9);
        assertThat(queue.first()).isEqualTo(5);
    }

    private List<Connection> connections(int count) {
        Connections owner = new Connections(
                KeyPair.generate(random),
                Role.CONTROLLED,
                Timing.connection(),
                random,
                () -> Instant.EPOCH,
                new Silence());
        PublicKey key = KeyPair.generate(random).publicKey();
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            IceCredentials credentials = new IceCredentials("u" + i, "password");
            Connection connection =
                    new Connection(owner, i, new UUID(0, i), key, PresharedKey.NONE, credentials, credentials, 0);
            connections.add(connection);
        }
        return connections;
    }

    private static final class Silence implements Connections.Output {
        @Override
        public void transmit(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length) {}

        @Override
        public void deliver(Connection from, byte[] buffer, int offset, int length, int segmentSize) {}

        @Override
        public void signal(UUID peer, List<String> added, List<String> removed) {}

        @Override
        public void failed(Connection connection, Failure why) {}
    }
}
