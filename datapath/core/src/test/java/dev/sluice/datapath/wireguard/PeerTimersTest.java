package dev.sluice.datapath.wireguard;

import static dev.sluice.datapath.wireguard.TwoPeers.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PeerTimersTest {
    private static final long JITTER = 333_000_000;

    @Test
    void shouldHaveNothingToDoAtFirst() {
        assertThat(new TwoPeers().alice.peer.nextTimeout()).isEqualTo(Peer.NO_TIMEOUT);
    }

    @Test
    void shouldRepeatAnUnansweredInitiationAfterRekeyTimeout() {
        TwoPeers peers = new TwoPeers();
        peers.alice.initiate();
        long first = peers.now;

        assertThat(peers.alice.peer.nextTimeout()).isBetween(first + 5 * SECOND, first + 5 * SECOND + JITTER);
        peers.run(4 * SECOND, message -> false);
        assertThat(peers.alice.initiations).isEqualTo(1);
        peers.run(2 * SECOND, message -> false);
        assertThat(peers.alice.initiations).isEqualTo(2);
        peers.pass(10 * SECOND);
        assertThat(peers.alice.initiations).isEqualTo(3);
        assertThat(peers.alice.peer.hasSession(peers.now)).isTrue();
    }

    @Test
    void shouldGiveUpAfterRekeyAttemptTime() {
        TwoPeers peers = new TwoPeers();
        peers.alice.initiate();
        peers.run(90 * SECOND - 1, message -> false);
        assertThat(peers.alice.peer.expired()).isFalse();
        assertThat(peers.alice.initiations).isBetween(17, 18);

        peers.run(1, message -> false);
        assertThat(peers.alice.peer.expired()).isTrue();
        assertThat(peers.alice.peer.handshakeInFlight()).isFalse();
        int given = peers.alice.initiations;
        peers.run(1000 * SECOND, message -> false);
        assertThat(peers.alice.initiations).isEqualTo(given);

        peers.alice.initiate();
        assertThat(peers.alice.peer.expired()).isFalse();
        peers.exchange();
        assertThat(peers.alice.peer.hasSession(peers.now)).isTrue();
    }

    @Test
    void shouldGiveUpAfterFifteenSecondsOnAConnection() {
        TwoPeers peers = new TwoPeers(Timing.connection(), 1);
        peers.alice.initiate();
        peers.run(15 * SECOND - 1, message -> false);
        assertThat(peers.alice.peer.expired()).isFalse();
        peers.run(1, message -> false);
        assertThat(peers.alice.peer.expired()).isTrue();
        assertThat(peers.alice.initiations).isEqualTo(3);
    }

    @Test
    void shouldNotSendASecondInitiationWithinRekeyTimeout() {
        TwoPeers peers = TwoPeers.connected();
        peers.now += SECOND;
        peers.alice.initiate();
        assertThat(peers.alice.initiations).isEqualTo(1);
        assertThat(peers.alice.peer.nextTimeout()).isEqualTo(peers.now + 4 * SECOND);

        peers.pass(4 * SECOND);
        assertThat(peers.alice.initiations).isEqualTo(2);
    }

    @Test
    void shouldAnswerDataWithAKeepaliveAfterKeepaliveTimeout() {
        TwoPeers peers = TwoPeers.connected();
        peers.alice.data((byte) 1);
        peers.exchange();
        int before = peers.alice.keepalives;

        peers.pass(10 * SECOND - 1);
        assertThat(peers.alice.keepalives).isEqualTo(before);
        peers.pass(1);
        assertThat(peers.alice.keepalives).isEqualTo(before + 1);
        peers.pass(100 * SECOND);
        assertThat(peers.alice.keepalives).isEqualTo(before + 1);
        assertThat(peers.bob.keepalives).as("keepalives are not answered").isEqualTo(1);
        assertThat(peers.alice.initiations + peers.bob.initiations).isEqualTo(1);
    }

    @Test
    void shouldNotSendAKeepaliveWhenDataAnswersData() {
        TwoPeers peers = TwoPeers.connected();
        peers.alice.data((byte) 1);
        peers.exchange();
        peers.pass(9 * SECOND);
        peers.bob.data((byte) 2);
        peers.exchange();
        peers.pass(5 * SECOND);

        assertThat(peers.alice.keepalives).isZero();
    }

    @Test
    void shouldStartAHandshakeWhenDataStaysUnanswered() {
        for (boolean fromInitiator : new boolean[] {true, false}) {
            TwoPeers peers = TwoPeers.connected();
            TwoPeers.Side side = fromInitiator ? peers.alice : peers.bob;
            int before = side.initiations;
            side.data((byte) 1);
            side.sent.clear();

            peers.run(15 * SECOND - 1, message -> false);
            assertThat(side.initiations).isEqualTo(before);
            peers.pass(JITTER + 1);
            assertThat(side.initiations).isEqualTo(before + 1);
            assertThat(side.peer.lastHandshake()).isBetween(peers.now - JITTER - 1, peers.now);
        }
    }

    @Test
    void shouldRekeyAsInitiatorWhenItSendsAfterRekeyAfterTime() {
        TwoPeers peers = TwoPeers.connected();
        peers.pass(120 * SECOND - 1);
        peers.alice.data((byte) 1);
        peers.bob.data((byte) 1);
        peers.exchange();
        peers.pass(1);
        assertThat(peers.alice.initiations).isEqualTo(1);

        peers.bob.data((byte) 2);
        peers.exchange();
        assertThat(peers.alice.initiations + peers.bob.initiations)
                .as("the responder leaves it to the initiator")
                .isEqualTo(1);
        peers.alice.data((byte) 3);
        assertThat(peers.alice.peer.nextTimeout()).isEqualTo(peers.now);
        peers.pass(0);
        assertThat(peers.alice.initiations).isEqualTo(2);
        assertThat(peers.alice.peer.lastHandshake()).isEqualTo(peers.now);
    }

    @Test
    void shouldRekeyAsInitiatorWhenItReceivesShortlyBeforeRejectAfterTime() {
        TwoPeers peers = TwoPeers.connected();
        peers.pass(165 * SECOND - 1);
        peers.alice.receive(peers.bob.sealed((byte) 1));
        assertThat(peers.alice.peer.handshakeInFlight()).isFalse();
        peers.now += 1;
        peers.alice.receive(peers.bob.sealed((byte) 2));
        peers.alice.receive(peers.bob.sealed((byte) 3));
        peers.pass(SECOND);

        assertThat(peers.alice.initiations).isEqualTo(2);
    }

    @Test
    void shouldEraseAllKeysAfterThreeTimesRejectAfterTime() {
        TwoPeers peers = TwoPeers.connected();
        peers.pass(540 * SECOND - 1);
        assertThat(peers.alice.peer.session()).isNotNull();
        peers.pass(1);

        assertThat(peers.alice.peer.session()).isNull();
        assertThat(peers.bob.peer.session()).isNull();
        assertThat(peers.alice.peer.nextTimeout()).isEqualTo(Peer.NO_TIMEOUT);
        assertThat(peers.bob.peer.nextTimeout()).isEqualTo(Peer.NO_TIMEOUT);
    }

    @Test
    void shouldKeepTheNatOpenWithPersistentKeepalives() {
        TwoPeers peers = new TwoPeers();
        peers.alice.peer.setPersistentKeepalive(25 * SECOND, peers.now);
        peers.pass(0);
        assertThat(peers.alice.peer.hasSession(peers.now))
                .as("the first one starts the handshake")
                .isTrue();

        int before = peers.bob.keepalives;
        peers.pass(100 * SECOND);
        assertThat(peers.bob.keepalives).isEqualTo(before + 4);

        peers.pass(3600 * SECOND);
        assertThat(peers.alice.peer.hasSession(peers.now)).isTrue();
        assertThat(peers.alice.initiations).isBetween(25, 31);

        peers.alice.peer.setPersistentKeepalive(0, peers.now);
        peers.pass(700 * SECOND);
        assertThat(peers.alice.peer.hasSession(peers.now)).isFalse();
    }

    @Test
    void shouldUseShorterTimesWhenToldTo() {
        TwoPeers peers = new TwoPeers(Timing.parse("rekey-after=20s,reject-after=40s"), 1);
        peers.alice.initiate();
        peers.exchange();
        peers.pass(20 * SECOND);
        peers.alice.data((byte) 1);
        peers.pass(0);

        assertThat(peers.alice.initiations).isEqualTo(2);
    }
}
