package dev.sluice.datapath.connectivity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.wire.Allocations;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.PacketSink;
import dev.sluice.datapath.wireguard.HandshakeGate;
import dev.sluice.datapath.wireguard.KeyPair;
import dev.sluice.datapath.wireguard.Peer;
import dev.sluice.datapath.wireguard.PresharedKey;
import dev.sluice.datapath.wireguard.Timing;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What connections add to the allocations of WireGuard, which are its AEAD provider's. */
class ConnectionsAllocationTest {
    private static final int PACKETS = 2_000;
    private static final Timing TIMING = Timing.connection();
    private static final UUID PEER = new UUID(1, 2);
    private static final Endpoint CLIENT = Endpoint.parse("10.0.0.1:1");
    private static final Endpoint GATEWAY = Endpoint.parse("10.0.0.2:2");

    private final Random random = new Random(1);
    private final KeyPair clientKeys = KeyPair.generate(random);
    private final KeyPair gatewayKeys = KeyPair.generate(random);
    private final byte[] packet = new byte[64];
    private final byte[] datagram = new byte[2_048];
    private int datagramLength;
    private long delivered;
    private long now;

    @Test
    void shouldAllocateNothingPerPacketBesideTheCipher() {
        packet[0] = 0x45;
        long bare = Allocations.bytes(PACKETS, roundTripOfPeers());
        long joined = Allocations.bytes(PACKETS, roundTripOfConnections());
        assertThat(delivered).isPositive();
        assertThat(joined - bare).isLessThan(PACKETS);
    }

    private Runnable roundTripOfPeers() {
        Peer client = peer(clientKeys, gatewayKeys, 1);
        Peer gateway = peer(gatewayKeys, clientKeys, 2);
        HandshakeGate gate = new HandshakeGate(gatewayKeys, TIMING, random);
        PacketSink wire = this::capture;
        client.initiate(now, wire);
        gateway.handleInitiation(gate.open(datagram, 0), now, wire);
        client.handleResponse(datagram, 0, datagramLength, now, wire);
        byte[] opened = new byte[2_048];
        gateway.open(datagram, 0, datagramLength, opened, 0, now);
        return () -> {
            int sealed = client.seal(packet, 0, packet.length, datagram, 0, now);
            assertThatOpened(gateway.open(datagram, 0, sealed, opened, 0, now));
        };
    }

    private Runnable roundTripOfConnections() {
        Line line = new Line();
        Connections client = connections(clientKeys, Role.CONTROLLING, line);
        Connections gateway = connections(gatewayKeys, Role.CONTROLLED, line);
        line.client = client;
        line.gateway = gateway;
        client.setLocalEndpoints(List.of(CLIENT), now);
        gateway.setLocalEndpoints(List.of(GATEWAY), now);
        IceCredentials ofClient = new IceCredentials("abcd", "password of the client");
        IceCredentials ofGateway = new IceCredentials("efgh", "password of the gateway");
        gateway.upsert(PEER, clientKeys.publicKey(), PresharedKey.NONE, ofGateway, ofClient, now);
        Connection connection =
                client.upsert(PEER, gatewayKeys.publicKey(), PresharedKey.NONE, ofClient, ofGateway, now);
        client.addRemoteCandidate(PEER, "candidate:1 1 udp 7 10.0.0.2 2 typ host", now);
        for (int i = 0; i < 10; i++) {
            line.carry();
            now += VirtualNetwork.SECOND / 10;
            client.handleTimeout(now);
            gateway.handleTimeout(now);
        }
        assertThat(connection.state()).isEqualTo(ConnectionState.CONNECTED);
        line.captures = true;
        return () -> {
            client.send(connection, packet, 0, packet.length, now);
            gateway.handleDatagram(GATEWAY, CLIENT, datagram, 0, datagramLength, now);
        };
    }

    private void assertThatOpened(int length) {
        if (length != packet.length) {
            throw new AssertionError("opened " + length + " bytes");
        }
    }

    private void capture(byte[] buffer, int offset, int length) {
        System.arraycopy(buffer, offset, datagram, 0, length);
        datagramLength = length;
    }

    private Peer peer(KeyPair own, KeyPair other, int index) {
        return new Peer(own, other.publicKey(), PresharedKey.NONE, index, TIMING, random, () -> Instant.EPOCH);
    }

    private Connections connections(KeyPair own, Role role, Connections.Output output) {
        return new Connections(own, role, TIMING, random, () -> Instant.EPOCH, output);
    }

    /** Queues datagrams while both connect, and keeps the last one afterwards. */
    private final class Line implements Connections.Output {
        private final Deque<Runnable> arrivals = new ArrayDeque<>();
        private Connections client;
        private Connections gateway;
        private boolean captures;

        void carry() {
            for (Runnable arrival = arrivals.poll(); arrival != null; arrival = arrivals.poll()) {
                arrival.run();
            }
        }

        @Override
        public void transmit(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length) {
            if (captures) {
                capture(buffer, offset, length);
                return;
            }
            byte[] copy = Arrays.copyOfRange(buffer, offset, offset + length);
            Connections receiver = remote.equals(CLIENT) ? client : gateway;
            arrivals.add(() -> receiver.handleDatagram(remote, local, copy, 0, copy.length, now));
        }

        @Override
        public void deliver(Connection from, byte[] buffer, int offset, int length, int segmentSize) {
            delivered++;
        }

        @Override
        public void signal(UUID peer, List<String> added, List<String> removed) {}

        @Override
        public void failed(Connection connection, Failure why) {}
    }
}
