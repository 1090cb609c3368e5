package dev.sluice.datapath.connectivity;

import static dev.sluice.datapath.connectivity.VirtualNetwork.MILLISECOND;
import static dev.sluice.datapath.connectivity.VirtualNetwork.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.Endpoint;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The path of a connection: found, left for another, and given up within a bound. */
class PathTest {
    /** The bound within which a connection whose peer is gone has failed: check interval, ICE, and the grace after it. */
    private static final long LOST = 1_500 * MILLISECOND + 15_250 * MILLISECOND + 2 * SECOND;

    @Test
    void shouldPreferIpv6WhenBothFamiliesWork() {
        VirtualNetwork network = new VirtualNetwork(2);
        network.client.move("10.0.0.1:1", "[2001:db8::1]:1");
        network.gateway.move("10.0.0.2:1", "[2001:db8::2]:1");
        network.authorize();
        network.run(SECOND);
        Path path = new Path(Endpoint.parse("[2001:db8::1]:1"), Endpoint.parse("[2001:db8::2]:1"));
        assertThat(network.client.connection().path()).isEqualTo(path);
        assertThat(network.gateway.connection().path()).isEqualTo(new Path(path.remote(), path.local()));
    }

    @Test
    void shouldFailWithoutRemoteCandidatesAfterTenSeconds() {
        VirtualNetwork network = new VirtualNetwork(10);
        network.client.upsert(network.gateway);
        network.client.send((byte) 1);
        network.run(10 * SECOND - 1);
        assertThat(network.client.failures).isEmpty();
        network.run(1);
        assertThat(network.client.failures).containsOnlyKeys(Failure.NO_CANDIDATES);
        assertThat(network.client.undelivered).hasSize(1);
        assertThat(network.client.connections.ledger().held()).isZero();
        network.assertBalanced();
    }

    @Test
    void shouldFailInBoundedTimeWhenThePeerVanishes() {
        VirtualNetwork network = VirtualNetwork.connected(11);
        network.dead.addAll(network.gateway.endpoints());
        long took = network.runUntil(60 * SECOND, () -> network.client.failures.containsKey(Failure.ICE_TIMEOUT));
        assertThat(took).isBetween(15 * SECOND, LOST + 10 * MILLISECOND);
        network.assertBalanced();
    }

    @Test
    void shouldFailInBoundedTimeWhenThePeerNeverAnswers() {
        VirtualNetwork network = new VirtualNetwork(12);
        network.dead.addAll(network.gateway.endpoints());
        network.authorize();
        long took = network.runUntil(60 * SECOND, () -> network.client.failures.containsKey(Failure.ICE_TIMEOUT));
        assertThat(took).isBetween(17 * SECOND, 17_300 * MILLISECOND);
        List<Long> sent = network.log.stream()
                .filter(datagram -> datagram.from().equals(Endpoint.parse("10.0.0.1:52625")))
                .map(datagram -> (datagram.at() - network.log.getLast().at()) / MILLISECOND)
                .toList();
        assertThat(sent).hasSize(12);
    }

    @Test
    void shouldNoticeWithinABoundThatThePeerOfAnIdleConnectionVanished() {
        VirtualNetwork network = VirtualNetwork.connected(13);
        network.run(30 * SECOND);
        assertThat(network.client.connection().state()).isEqualTo(ConnectionState.IDLE);
        network.dead.addAll(network.gateway.endpoints());
        network.run(30 * SECOND);
        assertThat(network.client.failures).isEmpty();
        network.client.send((byte) 1);
        assertThat(network.client.connection().state()).isEqualTo(ConnectionState.CONNECTED);
        assertThat(network.runUntil(60 * SECOND, () -> network.client.failures.containsKey(Failure.ICE_TIMEOUT)))
                .isBetween(15 * SECOND, LOST);
    }

    @Test
    void shouldCheckRarelyWhileIdleAndWakeOnAPacket() {
        VirtualNetwork network = VirtualNetwork.connected(14);
        network.run(30 * SECOND);
        assertThat(network.gateway.connection().state()).isEqualTo(ConnectionState.IDLE);
        int before = network.log.size();
        network.run(100 * SECOND);
        assertThat(network.log.size() - before).isBetween(12, 20);
        assertThat(network.client.send((byte) 1)).isEqualTo(VirtualNetwork.Fate.SENT);
        network.run(SECOND);
        assertThat(network.gateway.delivered).hasSize(1);
        assertThat(network.gateway.connection().state()).isEqualTo(ConnectionState.CONNECTED);
    }

    @Test
    void shouldMoveToANewLocalEndpoint() {
        VirtualNetwork network = VirtualNetwork.connected(15);
        network.client.move("10.9.9.9:7");
        assertThat(network.client.withdrawn.getLast()).hasSize(1);
        assertThat(network.client.signalled.getLast()).hasSize(1);
        long took =
                network.runUntil(SECOND, () -> network.client.connection().path() != null && sameOnBothEnds(network));
        assertThat(took).isBetween(0L, 50 * MILLISECOND);
        assertThat(network.client.send((byte) 1)).isEqualTo(VirtualNetwork.Fate.SENT);
        assertThat(network.gateway.send((byte) 2)).isEqualTo(VirtualNetwork.Fate.SENT);
        network.run(SECOND);
        assertThat(network.gateway.delivered).hasSize(1);
        assertThat(network.client.delivered).hasSize(1);
        assertThat(network.client.connections.ledger().held()).isZero();
    }

    @Test
    void shouldMoveToANewLocalEndpointWithoutThePortal() {
        VirtualNetwork network = VirtualNetwork.connected(16);
        network.portalUp = false;
        network.client.move("10.9.9.9:7");
        network.run(SECOND);
        assertThat(sameOnBothEnds(network)).isTrue();
        assertThat(network.gateway.connection().pathTypes()).isEqualTo("host/prflx");
        network.gateway.send((byte) 2);
        network.run(SECOND);
        assertThat(network.client.delivered).hasSize(1);
    }

    @Test
    void shouldOutliveAShortTimeWithoutAnyAddress() {
        VirtualNetwork network = VirtualNetwork.connected(32);
        network.client.move();
        assertThat(network.client.connection().path()).isNull();
        assertThat(network.client.send((byte) 1)).isEqualTo(VirtualNetwork.Fate.HELD);
        network.run(10 * SECOND);
        network.client.move("10.9.9.9:7");
        network.run(SECOND);
        assertThat(network.gateway.delivered).hasSize(1);
        assertThat(network.client.failures).isEmpty();
        network.assertBalanced();
    }

    @Test
    void shouldFailInBoundedTimeWithoutAnyAddress() {
        VirtualNetwork network = VirtualNetwork.connected(33);
        network.client.move();
        assertThat(network.runUntil(60 * SECOND, () -> network.client.failures.containsKey(Failure.ICE_TIMEOUT)))
                .isBetween(15 * SECOND, LOST);
    }

    @Test
    void shouldLeaveAPathThatDiesBeforeItsChecksTimeOut() {
        VirtualNetwork network = new VirtualNetwork(17);
        network.client.move("10.0.0.1:1", "10.0.3.1:1");
        network.authorize();
        network.run(SECOND);
        Path first = network.client.connection().path();
        assertThat(first).isNotNull();
        network.dead.add(first.local());
        long took = network.runUntil(30 * SECOND, () -> {
            Path path = network.client.connection().path();
            return path != null && !path.equals(first) && sameOnBothEnds(network);
        });
        assertThat(took).isBetween(0L, 4 * SECOND);
        network.dead.clear();
        network.run(5 * SECOND);
        assertThat(network.client.connection().path()).isEqualTo(first);
        assertThat(sameOnBothEnds(network)).isTrue();
        assertThat(network.client.failures).isEmpty();
        assertThat(network.gateway.failures).isEmpty();
    }

    @Test
    void shouldStayOnItsPathHoweverLongAnAnswerTakes() {
        for (long phase = 0; phase < 2_250; phase += 50) {
            VirtualNetwork network = new VirtualNetwork(17);
            network.delay = 450 * MILLISECOND;
            network.authorize();
            network.run(5 * SECOND + phase * MILLISECOND);
            network.client.move("10.0.0.1:52625", "10.0.3.1:1");
            network.run(5 * SECOND);
            Path path = network.client.connection().path();
            assertThat(path).isNotNull();
            long left = network.runUntil(10 * SECOND, () -> {
                network.client.send((byte) 1);
                return !path.equals(network.client.connection().path()) || !sameOnBothEnds(network);
            });
            assertThat(left).as("phase %d ms", phase).isEqualTo(-1);
        }
    }

    @Test
    void shouldSurviveAPartitionShorterThanTheTimeout() {
        VirtualNetwork network = VirtualNetwork.connected(18);
        network.loss = 1;
        network.run(14 * SECOND);
        network.loss = 0;
        network.run(3 * SECOND);
        assertThat(network.client.send((byte) 1)).isEqualTo(VirtualNetwork.Fate.SENT);
        network.run(SECOND);
        assertThat(network.gateway.delivered).hasSize(1);
        assertThat(network.client.failures).isEmpty();
    }

    @Test
    void shouldTakeNoPathThatThisSideHasNotChecked() {
        VirtualNetwork network = new VirtualNetwork(26);
        network.gateway.upsert(network.client);
        network.client.credentials = new IceCredentials("eokn", "not the password");
        network.client.upsert(network.gateway);
        network.run(10 * SECOND);
        assertThat(network.client.connection().path()).isNotNull();
        assertThat(network.gateway.connection().path()).isNull();
        assertThat(network.client.connections.ledger().dropped(DropReason.FORGED))
                .isPositive();
        network.run(10 * SECOND);
        assertThat(network.client.failures).containsOnlyKeys(Failure.HANDSHAKE_TIMEOUT);
        network.assertBalanced();
    }

    private static boolean sameOnBothEnds(VirtualNetwork network) {
        Path client = network.client.connection().path();
        Path gateway = network.gateway.connection().path();
        return client != null && gateway != null && gateway.equals(new Path(client.remote(), client.local()));
    }
}
