package dev.sluice.datapath.connectivity;

import static dev.sluice.datapath.connectivity.VirtualNetwork.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.connectivity.VirtualNetwork.Datagram;
import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wireguard.PresharedKey;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What others send, by malice or by mistake: counted, and of no effect. */
class HostileDatagramTest {
    @Test
    void shouldRefuseChecksOfAPeerWithAWrongPassword() {
        VirtualNetwork network = new VirtualNetwork(26);
        network.client.upsert(network.gateway);
        network.gateway.credentials = new IceCredentials("6m26", "not the password");
        network.gateway.upsert(network.client);
        long took = network.runUntil(30 * SECOND, () -> network.client.failures.containsKey(Failure.ICE_TIMEOUT));
        assertThat(took).isPositive();
        assertThat(network.client.has(ConnectionState.CONNECTED)).isFalse();
        assertThat(network.gateway.connections.ledger().dropped(DropReason.FORGED))
                .isPositive();
        network.assertBalanced();
    }

    @Test
    void shouldFailInBoundedTimeUnderAWrongPresharedKey() {
        VirtualNetwork network = new VirtualNetwork(27);
        network.client.presharedKey = PresharedKey.of(new byte[32]);
        network.authorize();
        network.client.has(ConnectionState.CONNECTED);
        long took = network.runUntil(30 * SECOND, () -> network.client.failures.containsKey(Failure.HANDSHAKE_TIMEOUT));
        assertThat(took).isBetween(15 * SECOND, 16 * SECOND);
        network.assertBalanced();
    }

    @Test
    void shouldCountReplayedChecksWithoutMovingThePath() {
        VirtualNetwork network = VirtualNetwork.connected(28);
        Path path = network.gateway.connection().path();
        Endpoint attacker = Endpoint.parse("10.66.6.6:6");
        List<Datagram> recorded = List.copyOf(network.log);
        for (Datagram datagram : recorded) {
            if (datagram.isStun()) {
                network.deliver(new Datagram(network.now, attacker, datagram.to(), datagram.bytes()));
            }
        }
        network.run(20 * SECOND);
        assertThat(network.gateway.connection().path()).isEqualTo(path);
        assertThat(network.client.connections.ledger().dropped(DropReason.UNKNOWN_STUN))
                .isPositive();
        long answersToTheAttacker = network.log.stream()
                .filter(datagram -> datagram.to().equals(attacker) && datagram.isRequest())
                .count();
        assertThat(answersToTheAttacker).isLessThanOrEqualTo(2 * 12);
        network.assertBalanced();
    }

    @Test
    void shouldCountReplayedPackets() {
        VirtualNetwork network = VirtualNetwork.connected(29);
        network.client.send((byte) 1);
        List<Datagram> recorded = List.copyOf(network.log);
        network.run(SECOND);
        recorded.stream().filter(datagram -> !datagram.isStun()).forEach(network::deliver);
        assertThat(network.gateway.delivered).hasSize(1);
        assertThat(network.gateway.connections.ledger().dropped(DropReason.REPLAYED))
                .isPositive();
        network.assertBalanced();
    }

    @Test
    void shouldCountMalformedDatagramsAndGoOn() {
        long seed = 30;
        VirtualNetwork network = VirtualNetwork.connected(seed);
        List<Datagram> recorded = List.copyOf(network.log);
        for (int i = 0; i < 20_000; i++) {
            Datagram sample = recorded.get(network.random.nextInt(recorded.size()));
            byte[] bytes = sample.bytes().clone();
            for (int j = network.random.nextInt(3); j >= 0; j--) {
                bytes[network.random.nextInt(bytes.length)] ^= (byte) (1 + network.random.nextInt(255));
            }
            int length = network.random.nextInt(3) == 0 ? network.random.nextInt(bytes.length + 1) : bytes.length;
            network.devices
                    .get(sample.to())
                    .connections
                    .handleDatagram(sample.to(), sample.from(), bytes, 0, length, network.now);
        }
        network.run(5 * SECOND);
        network.client.send((byte) 1);
        network.run(SECOND);
        assertThat(network.gateway.delivered).hasSize(1);
        assertThat(network.gateway.connections.ledger().dropped()).isPositive();
        network.assertBalanced();
    }

    @Test
    void shouldIgnoreCandidatesThatAreMalformed() {
        VirtualNetwork network = VirtualNetwork.connected(31);
        UUID gateway = network.gateway.id;
        network.client.connections.addRemoteCandidate(gateway, "candidate:nonsense", network.now);
        network.client.connections.removeRemoteCandidate(gateway, "", network.now);
        network.run(SECOND);
        assertThat(network.client.connection().state()).isEqualTo(ConnectionState.CONNECTED);
    }
}
