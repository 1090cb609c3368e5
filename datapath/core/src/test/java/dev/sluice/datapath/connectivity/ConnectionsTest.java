package dev.sluice.datapath.connectivity;

import static dev.sluice.datapath.connectivity.VirtualNetwork.MILLISECOND;
import static dev.sluice.datapath.connectivity.VirtualNetwork.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.datapath.connectivity.VirtualNetwork.Datagram;
import dev.sluice.datapath.connectivity.VirtualNetwork.Fate;
import dev.sluice.datapath.wire.ControlPacket;
import dev.sluice.datapath.wire.DropReason;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How connections begin, go on and end. */
class ConnectionsTest {
    private static final int INITIATION = 1;

    @Test
    void shouldConnectAndCarryPacketsBothWays() {
        VirtualNetwork network = new VirtualNetwork(1);
        network.authorize();
        long took = network.runUntil(
                SECOND,
                () -> network.client.has(ConnectionState.CONNECTED) && network.gateway.has(ConnectionState.CONNECTED));
        assertThat(took).isBetween(0L, 60 * MILLISECOND);
        assertThat(network.client.send((byte) 'a')).isEqualTo(Fate.SENT);
        network.run(SECOND);
        assertThat(network.gateway.send((byte) 'b')).isEqualTo(Fate.SENT);
        network.run(SECOND);
        assertThat(network.gateway.delivered).containsExactly(new byte[] {'a'});
        assertThat(network.client.delivered).containsExactly(new byte[] {'b'});
        assertThat(network.client.connection().pathTypes()).isEqualTo("host/host");
        network.assertBalanced();
    }

    @Test
    void shouldInitiateRightAfterTheNomination() {
        VirtualNetwork network = VirtualNetwork.connected(3);
        List<Datagram> log = network.log;
        int nomination = 0;
        while (!log.get(nomination).nominates()) {
            nomination++;
        }
        assertThat(log.get(nomination + 1).isWireGuard(INITIATION)).isTrue();
        assertThat(log.get(nomination + 1).at()).isEqualTo(log.get(nomination).at());
    }

    @Test
    void shouldHoldPacketsOfAClientThatConnectsAndDropTheOldestBeyond128() {
        VirtualNetwork network = new VirtualNetwork(4);
        network.authorize();
        network.runUntil(SECOND, () -> network.client.has(ConnectionState.CONNECTING));
        for (int i = 0; i < HeldPackets.CAPACITY + 2; i++) {
            assertThat(network.client.send((byte) i)).isEqualTo(Fate.HELD);
        }
        assertThat(network.client.connections.ledger().held()).isEqualTo(HeldPackets.CAPACITY);
        assertThat(network.client.connections.ledger().dropped(DropReason.QUEUE_FULL))
                .isEqualTo(2);
        network.run(SECOND);
        assertThat(network.gateway.delivered).hasSize(HeldPackets.CAPACITY);
        assertThat(network.gateway.delivered.getFirst()).containsExactly(2);
        network.assertBalanced();
    }

    @Test
    void shouldDropPacketsOfAGatewayWithoutPath() {
        VirtualNetwork network = new VirtualNetwork(5);
        network.gateway.upsert(network.client);
        assertThat(network.gateway.send((byte) 1)).isEqualTo(Fate.DROPPED);
        assertThat(network.gateway.connections.ledger().dropped(DropReason.NO_PATH))
                .isEqualTo(1);
        network.assertBalanced();
    }

    @Test
    void shouldHoldNothingAtAGatewayWhoseSessionIsOver() {
        VirtualNetwork network = VirtualNetwork.connected(5);
        network.run(200 * SECOND);
        assertThat(network.gateway.send((byte) 1)).isEqualTo(Fate.DROPPED);
        assertThat(network.gateway.connections.ledger().dropped(DropReason.NO_SESSION))
                .isEqualTo(1);
        network.run(SECOND);
        assertThat(network.gateway.send((byte) 2)).isEqualTo(Fate.SENT);
        network.run(SECOND);
        assertThat(network.client.delivered).containsExactly(new byte[] {2});
        network.assertBalanced();
    }

    @Test
    void shouldHoldAnInitiationThatOvertakesTheNomination() {
        VirtualNetwork network = new VirtualNetwork(6);
        network.passes = datagram -> {
            if (datagram.nominates()) {
                network.later(100 * MILLISECOND, () -> network.deliver(datagram));
                return false;
            }
            return true;
        };
        network.authorize();
        long took = network.runUntil(SECOND, () -> network.client.has(ConnectionState.CONNECTED));
        assertThat(took).isBetween(0L, 150 * MILLISECOND);
        network.assertBalanced();
    }

    @Test
    void shouldKeepEarlyCandidatesForTenSeconds() {
        VirtualNetwork network = new VirtualNetwork(7);
        network.gateway.upsert(network.client);
        network.run(9 * SECOND);
        network.client.upsert(network.gateway);
        network.run(SECOND);
        assertThat(network.client.connection().state()).isEqualTo(ConnectionState.CONNECTED);
    }

    @Test
    void shouldForgetEarlyCandidatesAfterTenSeconds() {
        VirtualNetwork network = new VirtualNetwork(8);
        network.gateway.upsert(network.client);
        network.run(8 * SECOND);
        network.portalUp = false;
        network.run(3 * SECOND);
        network.client.upsert(network.gateway);
        network.run(5 * SECOND);
        assertThat(network.client.connection().state()).isEqualTo(ConnectionState.CONNECTING);
    }

    @Test
    void shouldBoundEarlyCandidates() {
        VirtualNetwork network = new VirtualNetwork(9);
        for (int i = 0; i < 2 * EarlyCandidates.MOST_PER_PEER; i++) {
            network.client.connections.addRemoteCandidate(
                    network.gateway.id, "candidate:1 1 udp 7 10.0.1." + i + " 9 typ host", network.now);
        }
        network.client.upsert(network.gateway);
        network.run(1);
        assertThat(network.log).hasSize(EarlyCandidates.MOST_PER_PEER);
    }

    @Test
    void shouldReplaceTheConnectionWhenThePeerHasANewKey() {
        VirtualNetwork network = VirtualNetwork.connected(19);
        Connection before = network.client.connection();
        network.gateway.restart();
        network.run(3 * SECOND);
        network.authorize();
        network.run(SECOND);
        Connection after = network.client.connection();
        assertThat(after).isNotSameAs(before);
        assertThat(after.state()).isEqualTo(ConnectionState.CONNECTED);
        assertThat(before.state()).isEqualTo(ConnectionState.FAILED);
        network.client.connections.send(before, new byte[1], 0, 1, network.now);
        assertThat(network.client.connections.ledger().dropped(DropReason.NO_CONNECTION))
                .isEqualTo(1);
        assertThat(network.client.failures).isEmpty();
        network.client.send((byte) 1);
        network.run(SECOND);
        assertThat(network.gateway.delivered).hasSize(1);
        network.assertBalanced();
    }

    @Test
    void shouldCarryHeldPacketsOverToTheConnectionThatReplacesOne() {
        VirtualNetwork network = new VirtualNetwork(20);
        network.portalUp = false;
        network.client.upsert(network.gateway);
        network.client.send((byte) 1);
        network.portalUp = true;
        network.gateway.restart();
        network.authorize();
        network.run(SECOND);
        assertThat(network.gateway.delivered).hasSize(1);
        network.assertBalanced();
    }

    @Test
    void shouldKeepTheConnectionOnTheSameCredentialsAndSignalAllAgain() {
        VirtualNetwork network = VirtualNetwork.connected(21);
        Connection client = network.client.connection();
        Connection gateway = network.gateway.connection();
        int signals = network.client.signalled.size();
        long handshake = client.lastHandshake();
        network.authorize();
        network.run(SECOND);
        assertThat(network.client.connection()).isSameAs(client);
        assertThat(network.gateway.connection()).isSameAs(gateway);
        assertThat(network.client.signalled).hasSize(signals + 1);
        assertThat(network.client.signalled.getLast()).isEqualTo(network.client.signalled.getFirst());
        assertThat(client.lastHandshake()).isEqualTo(handshake);
        network.run(20 * SECOND);
        network.authorize();
        network.run(SECOND);
        assertThat(client.lastHandshake()).isGreaterThan(handshake);
    }

    @Test
    void shouldHealAConnectionThatOnlyTheGatewayLost() {
        VirtualNetwork network = VirtualNetwork.connected(22);
        network.loss = 1;
        network.gateway.connections.close(network.gateway.connection(), network.now);
        network.loss = 0;
        network.run(SECOND);
        Connection client = network.client.connection();
        network.authorize();
        network.run(4 * SECOND);
        assertThat(network.client.connection()).isSameAs(client);
        network.client.send((byte) 1);
        network.run(SECOND);
        assertThat(network.gateway.delivered).hasSize(1);
    }

    @Test
    void shouldHealAConnectionThatOnlyTheGatewayLostRightAfterARekey() {
        VirtualNetwork network = VirtualNetwork.connected(34);
        long first = network.client.connection().lastHandshake();
        network.runUntil(150 * SECOND, () -> {
            network.client.send((byte) 1);
            return network.client.connection().lastHandshake() > first;
        });
        network.loss = 1;
        network.gateway.connections.close(network.gateway.connection(), network.now);
        network.run(6 * SECOND);
        network.loss = 0;
        network.authorize();
        assertThat(network.runUntil(10 * SECOND, () -> network.gateway.has(ConnectionState.CONNECTED)))
                .isBetween(0L, SECOND);
    }

    @Test
    void shouldConnectAgainAfterTheClocksWereSetBack() {
        VirtualNetwork network = VirtualNetwork.connected(35);
        network.loss = 1;
        network.client.connections.close(network.client.connection(), network.now);
        network.loss = 0;
        network.wallClock = network.wallClock.minusSeconds(3600);
        network.authorize();
        assertThat(network.runUntil(5 * SECOND, () -> network.client.has(ConnectionState.CONNECTED)))
                .isBetween(0L, SECOND);
    }

    @Test
    void shouldSignalEverythingAgainOnDemandAndWhatIsGoneAsGone() {
        VirtualNetwork network = VirtualNetwork.connected(23);
        network.portalUp = false;
        network.client.move("10.0.0.1:2", "10.0.0.9:2", "[2001:db8::9]:2");
        network.client.connections.resignal(network.now);
        assertThat(network.client.signalled.getLast()).hasSize(3);
        assertThat(network.client.signalled.getLast().getFirst()).contains("2001:db8::9");
        assertThat(network.client.signalled.getLast()).noneMatch(text -> text.contains("52625"));
        assertThat(network.client.withdrawn.getLast())
                .singleElement()
                .asString()
                .contains("10.0.0.1 52625");

        network.client.move("10.0.0.1:52625");
        network.client.connections.resignal(network.now);
        assertThat(network.client.signalled.getLast())
                .singleElement()
                .asString()
                .contains("10.0.0.1 52625");
        assertThat(network.client.withdrawn.getLast())
                .as("but not what is there again")
                .hasSize(3);
    }

    @Test
    void shouldSayGoodbyeOnCloseAndHeedIt() {
        VirtualNetwork network = VirtualNetwork.connected(24);
        network.gateway.connections.close(network.gateway.connection(), network.now);
        network.run(SECOND);
        assertThat(network.client.failures).containsOnlyKeys(Failure.GOODBYE);
        assertThat(network.client.delivered).isEmpty();
        assertThat(network.gateway.failures).isEmpty();
        assertThat(network.client.connections.connections()).isEmpty();
        assertThat(network.client.connections.nextTimeout()).isEqualTo(Long.MAX_VALUE);
        network.assertBalanced();
    }

    @Test
    void shouldKeepControlPacketsFromTheHost() {
        VirtualNetwork network = VirtualNetwork.connected(26);
        long before = network.gateway.connections.ledger().consumed();
        network.client.send(ControlPacket.packet(77, new byte[3]));
        network.client.send(ControlPacket.packet(77, new byte[0]));
        network.run(SECOND);

        assertThat(network.gateway.delivered).isEmpty();
        assertThat(network.gateway.failures).isEmpty();
        assertThat(network.gateway.connections.ledger().consumed() - before).isGreaterThanOrEqualTo(2);
    }

    /** An exception in a timer costs that timer, and not the connection all that follow. */
    @Test
    void shouldGoOnWithTheTimersAfterAnException() {
        VirtualNetwork network = VirtualNetwork.connected(25);
        network.client.breaks = true;
        long due = network.client.nextTimeout();
        assertThatThrownBy(() -> network.client.connections.handleTimeout(due)).hasMessage("broken");
        assertThat(network.client.nextTimeout()).isLessThan(Long.MAX_VALUE);

        network.client.breaks = false;
        network.now = due;
        network.run(60 * SECOND);

        assertThat(network.client.has(ConnectionState.IDLE)).isTrue();
        assertThat(network.gateway.failures).isEmpty();
    }

    @Test
    void shouldConnectUnderLossReorderingAndDuplication() {
        for (long seed = 0; seed < 500; seed++) {
            VirtualNetwork network = new VirtualNetwork(seed);
            network.delay = 20 * MILLISECOND;
            network.jitter = 60 * MILLISECOND;
            network.loss = 0.2;
            network.duplication = 0.1;
            network.authorize();
            assertThat(connect(network)).as("seed %d", seed).isBetween(0L, 60 * SECOND);
            network.run(10 * SECOND);
            assertThat(network.client.failures).as("seed %d", seed).isEmpty();
            assertThat(network.gateway.failures).as("seed %d", seed).isEmpty();
            network.loss = 0;
            network.run(SECOND);
            network.client.send((byte) 1);
            network.run(SECOND);
            assertThat(network.gateway.delivered).as("seed %d", seed).isNotEmpty();
            network.assertBalanced();
        }
    }

    /** Until both ends are connected; an end that gives up asks again, as the roles do. */
    private static long connect(VirtualNetwork network) {
        return network.runUntil(90 * SECOND, () -> {
            if (network.client.connections.connections().isEmpty() && !network.client.failures.isEmpty()) {
                network.client.failures.clear();
                network.authorize();
            }
            return usable(network.client) && usable(network.gateway);
        });
    }

    private static boolean usable(VirtualNetwork.Device device) {
        return device.has(ConnectionState.CONNECTED) || device.has(ConnectionState.IDLE);
    }
}
