package dev.sluice.datapath.app;

import dev.sluice.datapath.connectivity.Connection;
import dev.sluice.datapath.connectivity.Connections;
import dev.sluice.datapath.connectivity.Failure;
import dev.sluice.datapath.connectivity.IceCredentials;
import dev.sluice.datapath.connectivity.Role;
import dev.sluice.datapath.crypto.AeadProviders;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wireguard.KeyPair;
import dev.sluice.datapath.wireguard.PresharedKey;
import dev.sluice.datapath.wireguard.Timing;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Connects two devices in memory once, on a clock of its own, and sends packets between them: afterwards the classes of
 * the first real connection are loaded and its loops are compiled. Nothing of it reaches the network.
 */
final class WarmUp {
    private static final System.Logger LOG = System.getLogger(WarmUp.class.getName());
    private static final Endpoint ONE = Endpoint.parse("192.0.2.1:1");
    private static final Endpoint OTHER = Endpoint.parse("192.0.2.2:2");
    private static final int PACKETS = 400;
    private static final long STEP = 10_000_000;
    private static final int MOST_STEPS = 1_000;

    /** IPv4, UDP, from 192.0.2.1 to 192.0.2.2, without payload. */
    private static final byte[] PACKET =
            HexFormat.of().parseHex("4500001c000000004011f6cfc0000201c0000202" + "0001000100080000");

    private final Queue<Runnable> wire = new ArrayDeque<>();
    private final RandomGenerator random = RandomGeneratorFactory.getDefault().create(1);
    private final Connections one;
    private final Connections other;
    private int delivered;
    private long now = STEP;

    private WarmUp() {
        KeyPair oneKeys = KeyPair.generate(random);
        KeyPair otherKeys = KeyPair.generate(random);
        UUID oneId = new UUID(0, 1);
        UUID otherId = new UUID(0, 2);
        one = new Connections(
                oneKeys, Role.CONTROLLING, Timing.connection(), random, InstantSource.system(), new Side(true, oneId));
        other = new Connections(
                otherKeys,
                Role.CONTROLLED,
                Timing.connection(),
                random,
                InstantSource.system(),
                new Side(false, otherId));
        one.setLocalEndpoints(List.of(ONE), now);
        other.setLocalEndpoints(List.of(OTHER), now);
        IceCredentials mine = new IceCredentials("one1", "password-of-one-password");
        IceCredentials theirs = new IceCredentials("two2", "password-of-two-password");
        one.upsert(otherId, otherKeys.publicKey(), PresharedKey.NONE, mine, theirs, now);
        other.upsert(oneId, oneKeys.publicKey(), PresharedKey.NONE, theirs, mine, now);
        Connection connection = one.connection(otherId);
        for (int step = 0; step < MOST_STEPS && delivered == 0 && connection != null; step++) {
            now += STEP;
            one.handleTimeout(now);
            other.handleTimeout(now);
            one.send(connection, PACKET, 0, PACKET.length, now);
            deliverAll();
        }
        for (int i = 0; i < PACKETS && connection != null; i++) {
            one.send(connection, PACKET, 0, PACKET.length, now);
            deliverAll();
        }
    }

    /** While the portal is being called: before that, it would only slow the start. */
    static Thread inBackground() {
        return Thread.ofPlatform().name("warm-up").daemon().start(() -> {
            new WarmUp();
            chooseCipher();
        });
    }

    /** Later sessions use the implementation that is the fastest on this machine. */
    private static void chooseCipher() {
        AeadProviders.Choice choice = AeadProviders.warmUp(System::nanoTime);
        LOG.log(System.Logger.Level.INFO, () -> "packets are sealed by " + choice.reason());
    }

    private void deliverAll() {
        Runnable next = wire.poll();
        while (next != null) {
            next.run();
            next = wire.poll();
        }
    }

    private final class Side implements Connections.Output {
        private final boolean first;
        private final UUID id;

        Side(boolean first, UUID id) {
            this.first = first;
            this.id = id;
        }

        @Override
        public void transmit(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length) {
            byte[] copy = new byte[length];
            System.arraycopy(buffer, offset, copy, 0, length);
            wire.add(() -> peer().handleDatagram(remote, local, copy, 0, length, now));
        }

        @Override
        public void deliver(Connection from, byte[] buffer, int offset, int length, int segmentSize) {
            delivered++;
        }

        @Override
        public void signal(UUID peer, List<String> added, List<String> removed) {
            added.forEach(candidate -> wire.add(() -> peer().addRemoteCandidate(id, candidate, now)));
        }

        @Override
        public void failed(Connection connection, Failure why) {
            // Then nothing is warm, and nothing is lost.
        }

        @Override
        public void undelivered(Connection connection, byte[] buffer, int offset, int length) {
            // The packets say nothing.
        }

        private Connections peer() {
            return first ? other : one;
        }
    }
}
