package dev.sluice.datapath.connectivity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.StunMessage;
import dev.sluice.datapath.wireguard.KeyPair;
import dev.sluice.datapath.wireguard.PresharedKey;
import dev.sluice.datapath.wireguard.Timing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * A client, a gateway, the portal between them and a network that delays, loses, duplicates and reorders, all on one
 * virtual clock and one seed.
 */
final class VirtualNetwork {
    static final long MILLISECOND = 1_000_000;
    static final long SECOND = 1_000 * MILLISECOND;

    private static final IceCredentials CLIENT = new IceCredentials("eokn", "5enp7ct6775ebzonvunxjy");
    private static final IceCredentials GATEWAY = new IceCredentials("6m26", "gj5f2zjrxg6cwvtrtqgfva");

    /** What becomes of a packet that is sent. */
    enum Fate {
        SENT,
        HELD,
        DROPPED
    }

    final long seed;
    final Random random;
    final Map<Endpoint, Device> devices = new HashMap<>();
    final Set<Endpoint> dead = new HashSet<>();
    final List<Datagram> log = new ArrayList<>();
    final Device client;
    final Device gateway;

    double loss;
    double duplication;
    long delay = 5 * MILLISECOND;
    long jitter;
    boolean portalUp = true;
    Instant wallClock = Instant.ofEpochSecond(1_800_000_000);
    Predicate<Datagram> passes = datagram -> true;
    long now = -3 * SECOND;

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long order;

    VirtualNetwork(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
        client = new Device(Role.CONTROLLING, "10.0.0.1:52625");
        gateway = new Device(Role.CONTROLLED, "10.0.0.2:52625");
    }

    /** The portal authorizes: the gateway hears of it first. */
    void authorize() {
        gateway.upsert(client);
        later(delay, () -> client.upsert(gateway));
    }

    /** A network on which the client and the gateway are connected. */
    static VirtualNetwork connected(long seed) {
        VirtualNetwork network = new VirtualNetwork(seed);
        network.authorize();
        network.run(SECOND);
        assertThat(network.client.connection().state()).isEqualTo(ConnectionState.CONNECTED);
        assertThat(network.gateway.connection().state()).isEqualTo(ConnectionState.CONNECTED);
        return network;
    }

    void later(long in, Runnable action) {
        events.add(new Event(now + in, order++, action));
    }

    void run(long span) {
        runUntil(span, () -> false);
    }

    /** @return the time it took, or −1 if it did not come true within {@code span} */
    long runUntil(long span, BooleanSupplier done) {
        long start = now;
        long end = now + span;
        while (true) {
            if (done.getAsBoolean()) {
                return now - start;
            }
            long next = Math.min(nextEvent(), Math.min(client.nextTimeout(), gateway.nextTimeout()));
            if (next > end) {
                now = end;
                return done.getAsBoolean() ? now - start : -1;
            }
            now = Math.max(now, next);
            while (nextEvent() <= now) {
                events.remove().action.run();
            }
            client.handleTimeout();
            gateway.handleTimeout();
        }
    }

    private long nextEvent() {
        return events.isEmpty() ? Long.MAX_VALUE : events.peek().at;
    }

    private void carry(Datagram datagram) {
        log.add(datagram);
        if (dead.contains(datagram.from) || dead.contains(datagram.to) || !passes.test(datagram)) {
            return;
        }
        int copies = random.nextDouble() < loss ? 0 : random.nextDouble() < duplication ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            later(delay + (jitter == 0 ? 0 : random.nextLong(jitter)), () -> deliver(datagram));
        }
    }

    void deliver(Datagram datagram) {
        Device device = devices.get(datagram.to);
        if (device != null && !dead.contains(datagram.to)) {
            device.connections.handleDatagram(
                    datagram.to, datagram.from, datagram.bytes, 0, datagram.bytes.length, now);
        }
    }

    Device other(Device device) {
        return device == client ? gateway : client;
    }

    void assertBalanced() {
        for (Device device : List.of(client, gateway)) {
            var counts = device.connections.ledger().counts();
            assertThat(counts.balanced()).as("seed %d: %s", seed, counts).isTrue();
        }
    }

    /** What was sent, and when. */
    record Datagram(long at, Endpoint from, Endpoint to, byte[] bytes) {
        boolean isStun() {
            return StunMessage.matches(bytes, 0, bytes.length);
        }

        boolean isRequest() {
            return isStun() && bytes[0] == 0 && bytes[1] == 1;
        }

        boolean isAnswer() {
            return isStun() && !isRequest();
        }

        boolean nominates() {
            StunMessage message = new StunMessage();
            return isRequest() && message.wrap(bytes, 0, bytes.length) && message.useCandidate();
        }

        /** A WireGuard message of this type. */
        boolean isWireGuard(int type) {
            return !isStun() && bytes[0] == type;
        }
    }

    private record Event(long at, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    /** One end, with all that came out of it. */
    final class Device implements Connections.Output {
        final UUID id = new UUID(random.nextLong(), random.nextLong());
        final Role role;
        final List<byte[]> delivered = new ArrayList<>();
        boolean breaks;
        final List<Integer> segmentSizes = new ArrayList<>();
        final List<byte[]> undelivered = new ArrayList<>();
        final List<List<String>> signalled = new ArrayList<>();
        final List<List<String>> withdrawn = new ArrayList<>();
        final Map<Failure, Integer> failures = new EnumMap<>(Failure.class);
        IceCredentials credentials;
        PresharedKey presharedKey = PresharedKey.of(new byte[] {
            1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29,
            30, 31, 32
        });
        KeyPair keys = KeyPair.generate(random);
        Connections connections;

        Device(Role role, String... endpoints) {
            this.role = role;
            this.credentials = role == Role.CONTROLLING ? CLIENT : GATEWAY;
            start(Timing.connection());
            move(endpoints);
        }

        private void start(Timing timing) {
            connections = new Connections(keys, role, timing, random, () -> wallClock.plusNanos(now), this);
        }

        /** The process died and begins anew, with another key. */
        void restart() {
            keys = KeyPair.generate(random);
            start(Timing.connection());
            credentials = new IceCredentials(credentials.username(), credentials.password() + random.nextInt(100));
            move(endpoints().stream().map(Endpoint::toString).toArray(String[]::new));
        }

        void move(String... endpoints) {
            List<Endpoint> parsed =
                    Arrays.stream(endpoints).map(Endpoint::parse).toList();
            devices.values().removeIf(device -> device == this);
            parsed.forEach(endpoint -> devices.put(endpoint, this));
            connections.setLocalEndpoints(parsed, now);
        }

        Collection<Endpoint> endpoints() {
            List<Endpoint> own = new ArrayList<>();
            devices.forEach((endpoint, device) -> {
                if (device == this) {
                    own.add(endpoint);
                }
            });
            return own;
        }

        Connection upsert(Device other) {
            return connections.upsert(
                    other.id, other.keys.publicKey(), presharedKey, credentials, other.credentials, now);
        }

        Connection connection() {
            Connection connection = connections.connection(other(this).id);
            assertThat(connection).as("seed %d: connection", seed).isNotNull();
            return connection;
        }

        boolean has(ConnectionState state) {
            Connection connection = connections.connection(other(this).id);
            return connection != null && connection.state() == state;
        }

        /** Sends a packet, and finds out what became of it. */
        Fate send(byte... packet) {
            long sent = connection().packetsSent();
            connections.send(connection(), packet, 0, packet.length, now);
            if (connection().packetsSent() > sent) {
                return Fate.SENT;
            }
            return connections.ledger().held() > 0 ? Fate.HELD : Fate.DROPPED;
        }

        long nextTimeout() {
            return connections.nextTimeout();
        }

        void handleTimeout() {
            if (connections.nextTimeout() <= now) {
                connections.handleTimeout(now);
                assertThat(connections.nextTimeout()).as("seed %d", seed).isGreaterThan(now);
            }
        }

        @Override
        public void transmit(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length) {
            if (breaks) {
                throw new IllegalStateException("broken");
            }
            carry(new Datagram(now, local, remote, Arrays.copyOfRange(buffer, offset, offset + length)));
        }

        @Override
        public void deliver(Connection from, byte[] buffer, int offset, int length, int segmentSize) {
            delivered.add(Arrays.copyOfRange(buffer, offset, offset + length));
            segmentSizes.add(segmentSize);
        }

        @Override
        public void signal(UUID peer, List<String> added, List<String> removed) {
            signalled.add(added);
            withdrawn.add(removed);
            Device other = other(this);
            if (portalUp && other != null) {
                later(delay, () -> {
                    removed.forEach(text -> other.connections.removeRemoteCandidate(id, text, now));
                    added.forEach(text -> other.connections.addRemoteCandidate(id, text, now));
                });
            }
        }

        @Override
        public void failed(Connection connection, Failure why) {
            assertThat(connection.state()).isEqualTo(ConnectionState.FAILED);
            failures.merge(why, 1, Integer::sum);
        }

        @Override
        public void undelivered(Connection connection, byte[] buffer, int offset, int length) {
            undelivered.add(Arrays.copyOfRange(buffer, offset, offset + length));
        }
    }
}
