package dev.sluice.datapath.wireguard;

import static dev.sluice.datapath.wireguard.TwoPeers.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.wire.TransportData;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PeerDataTest {
    private final TwoPeers peers = TwoPeers.connected();
    private final TwoPeers.Side alice = peers.alice;
    private final TwoPeers.Side bob = peers.bob;

    @Test
    void shouldRejectAReplayedCounter() {
        byte[] datagram = alice.sealed((byte) 1);

        assertThat(bob.receive(datagram)).isEqualTo(1);
        assertThat(bob.receive(datagram)).isEqualTo(Failure.REPLAYED);
        assertThat(bob.received).hasSize(1);
    }

    @Test
    void shouldAcceptReorderedPackets() {
        byte[] first = alice.sealed((byte) 1);
        byte[] second = alice.sealed((byte) 2);
        byte[] third = alice.sealed((byte) 3);

        assertThat(bob.receive(third)).isEqualTo(1);
        assertThat(bob.receive(first)).isEqualTo(1);
        assertThat(bob.receive(second)).isEqualTo(1);
        assertThat(bob.receive(third)).isEqualTo(Failure.REPLAYED);
    }

    @Test
    void shouldAcceptTheGenuinePacketAfterAForgedOneWithItsCounter() {
        byte[] datagram = alice.sealed((byte) 1);
        byte[] forged = datagram.clone();
        forged[forged.length - 1] ^= 1;

        assertThat(bob.receive(forged)).isEqualTo(Failure.FORGED);
        assertThat(bob.receive(datagram)).isEqualTo(1);
    }

    @Test
    void shouldNotMoveTheWindowForAForgedCounter() {
        byte[] datagram = alice.sealed((byte) 1);
        byte[] forged = datagram.clone();
        forged[TransportData.COUNTER_FIELD_OFFSET + 4] = 1;

        assertThat(bob.receive(forged)).isEqualTo(Failure.FORGED);
        assertThat(bob.receive(datagram)).isEqualTo(1);
    }

    @Test
    void shouldRefuseEveryFlippedBitAndTruncation() {
        byte[] datagram = alice.sealed((byte) 1, (byte) 2);
        for (int bit = 0; bit < 8 * datagram.length; bit++) {
            byte[] forged = datagram.clone();
            forged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(bob.receive(forged)).as("bit %d", bit).isNegative();
        }
        for (int length = 0; length < datagram.length; length++) {
            assertThat(bob.receive(Arrays.copyOf(datagram, length)))
                    .as("length %d", length)
                    .isNegative();
        }
        assertThat(bob.receive(Arrays.copyOf(datagram, datagram.length + 1))).isEqualTo(Failure.FORGED);
        assertThat(bob.receive(datagram)).isEqualTo(2);
    }

    @Test
    void shouldRefuseAnIndexOfNoSession() {
        byte[] datagram = alice.sealed((byte) 1);
        datagram[TransportData.RECEIVER_INDEX_FIELD_OFFSET] ^= 0x40;

        assertThat(bob.receive(datagram)).isEqualTo(Failure.UNKNOWN_INDEX);
    }

    @Test
    void shouldRefuseToOpenItsOwnPackets() {
        byte[] datagram = alice.sealed((byte) 1);

        assertThat(alice.receive(datagram)).isNegative();
    }

    @Test
    void shouldSealAndOpenInPlace() {
        byte[] buffer = new byte[100];
        Arrays.fill(buffer, 26, 36, (byte) 9);

        int sealed = alice.peer.seal(buffer, 26, 10, buffer, 10, peers.now);
        int opened = bob.peer.open(buffer, 10, sealed, buffer, 26, peers.now);

        assertThat(sealed).isEqualTo(42);
        assertThat(opened).isEqualTo(10);
        assertThat(Arrays.copyOfRange(buffer, 26, 36)).containsOnly(9);
    }

    @Test
    void shouldNotUseASessionBeyondRejectAfterTime() {
        byte[] datagram = bob.sealed((byte) 1);
        peers.now += 180 * SECOND - 1;
        assertThat(alice.peer.hasSession(peers.now)).isTrue();
        byte[] late = bob.sealed((byte) 2);
        peers.now += 1;

        assertThat(alice.peer.hasSession(peers.now)).isFalse();
        assertThat(alice.data((byte) 3)).isEqualTo(Peer.NO_SESSION);
        assertThat(alice.receive(datagram)).isEqualTo(Failure.SESSION_EXPIRED);
        assertThat(alice.receive(late)).isEqualTo(Failure.SESSION_EXPIRED);
    }

    @Test
    void shouldAskForANewSessionAfterRekeyAfterMessages() {
        Session session = alice.peer.session();
        session.skipTo(Session.REKEY_AFTER_MESSAGES - 1);
        int before = alice.initiations;

        alice.sealed((byte) 1);
        peers.pass(10 * SECOND);

        assertThat(alice.initiations).isEqualTo(before + 1);
        assertThat(alice.peer.session()).isNotSameAs(session);
    }

    @Test
    void shouldNotUseASessionBeyondRejectAfterMessages() {
        alice.peer.session().skipTo(Session.REJECT_AFTER_MESSAGES - 1);

        byte[] last = alice.sealed((byte) 1);
        assertThat(alice.data((byte) 2)).isEqualTo(Peer.NO_SESSION);
        assertThat(bob.receive(last)).isEqualTo(1);

        byte[] beyond = last.clone();
        beyond[TransportData.COUNTER_FIELD_OFFSET]++;
        assertThat(bob.receive(beyond)).isEqualTo(Failure.SESSION_EXPIRED);
        Arrays.fill(beyond, TransportData.COUNTER_FIELD_OFFSET, TransportData.COUNTER_FIELD_OFFSET + 8, (byte) 0xff);
        assertThat(bob.receive(beyond)).isEqualTo(Failure.SESSION_EXPIRED);
    }

    @Test
    void shouldStillOpenPacketsOfThePreviousSession() {
        byte[] old = alice.sealed((byte) 1);
        byte[] oldAnswer = bob.sealed((byte) 2);
        rekey();

        assertThat(bob.receive(old)).isEqualTo(1);
        assertThat(alice.receive(oldAnswer)).isEqualTo(1);
    }

    @Test
    void shouldNeverGoBackToAnOlderSession() {
        byte[] old = alice.sealed((byte) 1);
        Session previous = bob.peer.session();
        rekey();
        Session current = bob.peer.session();
        assertThat(current).isNotSameAs(previous);

        bob.receive(old);

        assertThat(bob.peer.session()).isSameAs(current);
    }

    @Test
    void shouldKeepSendingOnTheOldSessionUntilTheNewOneIsConfirmed() {
        Session old = bob.peer.session();
        peers.now += 120 * SECOND;
        alice.data((byte) 1);
        alice.timeout();
        bob.receiveAll(alice);
        byte[] response = bob.sent.remove();

        byte[] onOld = bob.sealed((byte) 2);
        assertThat(bob.peer.session()).isSameAs(old);
        assertThat(alice.receive(onOld)).isEqualTo(1);

        alice.receive(response);
        bob.receiveAll(alice);
        assertThat(bob.peer.session()).isNotSameAs(old);
        assertThat(alice.receive(onOld)).isEqualTo(Failure.REPLAYED);
    }

    @Test
    void shouldRefuseEverythingAfterItWasClosed() {
        byte[] datagram = alice.sealed((byte) 1);
        bob.peer.close();

        assertThat(bob.receive(datagram)).isEqualTo(Failure.UNKNOWN_INDEX);
        assertThat(bob.peer.nextTimeout()).isEqualTo(Peer.NO_TIMEOUT);
    }

    private void rekey() {
        peers.now += 120 * SECOND;
        alice.data((byte) 0);
        alice.timeout();
        peers.exchange();
    }
}
