package dev.sluice.datapath.connectivity;

import static dev.sluice.datapath.connectivity.VirtualNetwork.MILLISECOND;
import static dev.sluice.datapath.connectivity.VirtualNetwork.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.connectivity.VirtualNetwork.Datagram;
import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wireguard.KeyPair;
import dev.sluice.datapath.wireguard.PresharedKey;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
    private static final int INITIATION = 1;

    /** The bound within which a connection whose peer is gone has failed: check interval, ICE, and the grace after it. */
    private static final long LOST = 1_500 * MILLISECOND + 15_250 * MILLISECOND + 2 * SECOND;

    @Test
    void shouldConnectAndCarryPacketsBothWays() {
        VirtualNetwork network = new VirtualNetwork(1);
        network.authorize();
        long took = network.runUntil(SECOND, () -> network.client.established > 0 && network.gateway.established > 0);
        assertThat(took).isBetween(0L, 60 * MILLISECOND);
        assertThat(network.client.send((byte) 'a')).isEqualTo(SendResult.SENT);
        network.run(SECOND);
        assertThat(network.gateway.send((byte) 'b')).isEqualTo(SendResult.SENT);
        network.run(SECOND);
        assertThat(network.gateway.delivered).containsExactly(new byte[] {'a'});
        assertThat(network.client.delivered).containsExactly(new byte[] {'b'});
        assertThat(network.client.connection().pathTypes()).isEqualTo("host/host");
        network.assertBalanced();
    }

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
            assertThat(network.client.send((byte) i)).isEqualTo(SendResult.HELD);
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
        assertThat(network.gateway.send((byte) 1)).isEqualTo(SendResult.DROPPED);
        assertThat(network.gateway.connections.ledger().dropped(DropReason.NO_PATH))
                .isEqualTo(1);
        network.assertBalanced();
    }

    @Test
    void shouldHoldNothingAtAGatewayWhoseSessionIsOver() {
        VirtualNetwork network = VirtualNetwork.connected(5);
        network.run(200 * SECOND);
        assertThat(network.gateway.send((byte) 1)).isEqualTo(SendResult.DROPPED);
        assertThat(network.gateway.connections.ledger().dropped(DropReason.NO_SESSION))
                .isEqualTo(1);
        network.run(SECOND);
        assertThat(network.gateway.send((byte) 2)).isEqualTo(SendResult.SENT);
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
        assertThat(network.client.send((byte) 1)).isEqualTo(SendResult.SENT);
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
        assertThat(network.client.send((byte) 1)).isEqualTo(SendResult.SENT);
        assertThat(network.gateway.send((byte) 2)).isEqualTo(SendResult.SENT);
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
        assertThat(network.client.send((byte) 1)).isEqualTo(SendResult.HELD);
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
    void shouldSurviveAPartitionShorterThanTheTimeout() {
        VirtualNetwork network = VirtualNetwork.connected(18);
        network.loss = 1;
        network.run(14 * SECOND);
        network.loss = 0;
        network.run(3 * SECOND);
        assertThat(network.client.send((byte) 1)).isEqualTo(SendResult.SENT);
        network.run(SECOND);
        assertThat(network.gateway.delivered).hasSize(1);
        assertThat(network.client.failures).isEmpty();
    }

    @Test
    void shouldReplaceTheConnectionWhenThePeerHasANewKey() {
        VirtualNetwork network = VirtualNetwork.connected(19);
        Connection before = network.client.connection();
        before.attach("grants");
        network.gateway.restart();
        network.run(3 * SECOND);
        network.authorize();
        network.run(SECOND);
        Connection after = network.client.connection();
        assertThat(after).isNotSameAs(before);
        assertThat(after.attachment()).isEqualTo("grants");
        assertThat(after.state()).isEqualTo(ConnectionState.CONNECTED);
        assertThat(before.state()).isEqualTo(ConnectionState.FAILED);
        assertThat(network.client.connections.send(before, new byte[1], 0, 1, network.now))
                .isEqualTo(SendResult.DROPPED);
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
    void shouldSignalEverythingAgainOnDemandAndNothingThatIsGone() {
        VirtualNetwork network = VirtualNetwork.connected(23);
        network.portalUp = false;
        network.client.move("10.0.0.1:2", "10.0.0.9:2", "[2001:db8::9]:2");
        network.client.connections.resignal(network.now);
        assertThat(network.client.signalled.getLast()).hasSize(3);
        assertThat(network.client.signalled.getLast().getFirst()).contains("2001:db8::9");
        assertThat(network.client.signalled.getLast()).noneMatch(text -> text.contains("52625"));
        assertThat(network.client.withdrawn.getLast()).isEmpty();
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
    void shouldDropAllConnectionsOnReset() {
        VirtualNetwork network = VirtualNetwork.connected(25);
        network.client.keys = KeyPair.generate(network.random);
        network.client.connections.reset(network.client.keys, network.now);
        assertThat(network.client.failures).containsOnlyKeys(Failure.RESET);
        network.run(SECOND);
        assertThat(network.gateway.failures).containsOnlyKeys(Failure.GOODBYE);
        network.authorize();
        network.run(SECOND);
        assertThat(network.client.connection().state()).isEqualTo(ConnectionState.CONNECTED);
        network.assertBalanced();
    }

    @Test
    void shouldRefuseChecksOfAPeerWithAWrongPassword() {
        VirtualNetwork network = new VirtualNetwork(26);
        network.client.upsert(network.gateway);
        network.gateway.credentials = new IceCredentials("6m26", "not the password");
        network.gateway.upsert(network.client);
        long took = network.runUntil(30 * SECOND, () -> network.client.failures.containsKey(Failure.ICE_TIMEOUT));
        assertThat(took).isPositive();
        assertThat(network.client.established).isZero();
        assertThat(network.gateway.connections.ledger().dropped(DropReason.FORGED))
                .isPositive();
        network.assertBalanced();
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

    @Test
    void shouldIgnoreCandidatesThatAreMalformed() {
        VirtualNetwork network = VirtualNetwork.connected(31);
        UUID gateway = network.gateway.id;
        network.client.connections.addRemoteCandidate(gateway, "candidate:nonsense", network.now);
        network.client.connections.removeRemoteCandidate(gateway, "", network.now);
        network.run(SECOND);
        assertThat(network.client.connection().state()).isEqualTo(ConnectionState.CONNECTED);
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

    private static boolean sameOnBothEnds(VirtualNetwork network) {
        Path client = network.client.connection().path();
        Path gateway = network.gateway.connection().path();
        return client != null && gateway != null && gateway.equals(new Path(client.remote(), client.local()));
    }
}
