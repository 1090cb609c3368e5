package dev.sluice.datapath.wireguard;

import static dev.sluice.datapath.wireguard.TwoPeers.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.wire.HandshakeInitiation;
import dev.sluice.datapath.wire.HandshakeResponse;
import dev.sluice.datapath.wire.TransportData;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PeerHandshakeTest {
    private final TwoPeers peers = new TwoPeers();
    private final TwoPeers.Side alice = peers.alice;
    private final TwoPeers.Side bob = peers.bob;

    @Test
    void shouldAgreeOnASessionThatBothCanUse() {
        alice.initiate();
        peers.exchange();

        alice.data((byte) 1, (byte) 2, (byte) 3);
        bob.data((byte) 4);
        peers.exchange();

        assertThat(bob.received).containsExactly(new byte[] {1, 2, 3});
        assertThat(alice.received).containsExactly(new byte[] {4});
        assertThat(alice.peer.lastHandshake()).isEqualTo(peers.now);
        assertThat(bob.peer.lastHandshake()).isEqualTo(peers.now);
    }

    @Test
    void shouldSendAKeepaliveAfterTheResponse() {
        alice.initiate();
        bob.receiveAll(alice);
        alice.receiveAll(bob);

        assertThat(alice.sent).hasSize(1);
        assertThat(alice.sent.peek()).hasSize(TransportData.OVERHEAD);
    }

    @Test
    void shouldLetTheResponderSendOnlyAfterTheFirstPacketOfTheInitiator() {
        alice.initiate();
        bob.receiveAll(alice);

        assertThat(bob.data((byte) 1)).isEqualTo(Peer.NO_SESSION);
        assertThat(bob.peer.hasSession(peers.now)).isFalse();
        assertThat(bob.peer.lastHandshake()).isEqualTo(Peer.NEVER);

        peers.exchange();
        assertThat(bob.peer.hasSession(peers.now)).isTrue();
        assertThat(bob.data((byte) 1)).isPositive();
    }

    @Test
    void shouldPutTheConnectionIntoTheUpperBitsOfEveryIndex() {
        alice.initiate();
        byte[] initiation = alice.sent.peek();
        bob.receiveAll(alice);
        byte[] response = bob.sent.peek();
        alice.receiveAll(bob);

        assertThat(HandshakeInitiation.senderIndex(initiation, 0) >>> 8).isEqualTo(0xaaaaaa);
        assertThat(HandshakeResponse.senderIndex(response, 0) >>> 8).isEqualTo(0xbbbbbb);
        assertThat(HandshakeResponse.receiverIndex(response, 0))
                .isEqualTo(HandshakeInitiation.senderIndex(initiation, 0));
        assertThat(TransportData.receiverIndex(alice.sent.peek(), 0))
                .isEqualTo(HandshakeResponse.senderIndex(response, 0));
    }

    @Test
    void shouldNotReuseTheIndexOfALiveSessionWhenTheCounterWraps() {
        TwoPeers quick = new TwoPeers(Timing.standard().with("rekey-timeout=100ms,rekey-timeout-jitter=1ms"), 1);
        quick.alice.initiate();
        quick.exchange();
        int live = TransportData.receiverIndex(quick.bob.sealed((byte) 1), 0);
        quick.now += SECOND;
        quick.alice.initiate();
        Set<Integer> used = new HashSet<>();
        for (int i = 0; i < 600; i++) {
            used.add(HandshakeInitiation.senderIndex(quick.alice.sent.remove(), 0));
            quick.now += 102_000_000;
            quick.alice.timeout();
        }

        assertThat(used).hasSize(255).doesNotContain(live);
    }

    @Test
    void shouldRefuseAReplayedInitiation() {
        alice.initiate();
        byte[] initiation = alice.sent.peek();
        peers.exchange();
        peers.now += SECOND;

        assertThat(bob.receive(initiation)).isEqualTo(Failure.REPLAYED);
        assertThat(bob.sent).isEmpty();

        alice.data((byte) 1);
        peers.exchange();
        assertThat(bob.received).hasSize(1);
    }

    @Test
    void shouldRefuseAnInitiationOlderThanTheLast() {
        alice.initiate();
        byte[] first = alice.sent.remove();
        peers.now += 6 * SECOND;
        alice.timeout();
        byte[] second = alice.sent.remove();

        assertThat(bob.receive(second)).isEqualTo(Peer.ACCEPTED);
        peers.now += SECOND;
        assertThat(bob.receive(first)).isEqualTo(Failure.REPLAYED);
    }

    @Test
    void shouldLimitInitiationsOfOnePeer() {
        alice.initiate();
        byte[] first = alice.sent.remove();
        peers.now += 6 * SECOND;
        alice.timeout();
        byte[] second = alice.sent.remove();

        assertThat(bob.receive(first)).isEqualTo(Peer.ACCEPTED);
        assertThat(bob.receive(second)).isEqualTo(Failure.RATE_LIMITED);
    }

    @Test
    void shouldRefuseAResponseTwice() {
        alice.initiate();
        bob.receiveAll(alice);
        byte[] response = bob.sent.peek();
        peers.exchange();

        assertThat(alice.receive(response)).isEqualTo(Failure.UNKNOWN_INDEX);
    }

    @Test
    void shouldRefuseAResponseToAnEarlierInitiation() {
        alice.initiate();
        bob.receiveAll(alice);
        byte[] late = bob.sent.remove();
        peers.now += 6 * SECOND;
        alice.timeout();

        assertThat(alice.receive(late)).isEqualTo(Failure.UNKNOWN_INDEX);
        peers.exchange();
        assertThat(alice.peer.hasSession(peers.now)).isTrue();
    }

    @Test
    void shouldRefuseAnInitiationFromSomebodyElse() {
        TwoPeers others = new TwoPeers(Timing.standard(), 2);
        Peer mallory = new Peer(
                others.alice.keys,
                bob.keys.publicKey(),
                PresharedKey.NONE,
                1,
                Timing.standard(),
                new Random(3),
                peers::wallClock);
        mallory.initiate(peers.now, alice::send);

        assertThat(bob.receive(alice.sent.remove())).isEqualTo(Failure.UNKNOWN_PEER);
    }

    @Test
    void shouldRefuseEveryFlippedBitOfAHandshake() {
        alice.initiate();
        byte[] initiation = alice.sent.peek().clone();
        bob.receiveAll(alice);
        byte[] response = bob.sent.remove();

        TwoPeers fresh = new TwoPeers();
        for (int bit = 0; bit < 8 * HandshakeInitiation.MAC2_FIELD_OFFSET; bit++) {
            byte[] forged = flipped(initiation, bit);
            assertThat(fresh.bob.receive(forged)).as("initiation, bit %d", bit).isNegative();
        }
        assertThat(fresh.bob.receive(initiation)).isEqualTo(Peer.ACCEPTED);
        for (int bit = 0; bit < 8 * HandshakeResponse.MAC2_FIELD_OFFSET; bit++) {
            assertThat(alice.receive(flipped(response, bit)))
                    .as("response, bit %d", bit)
                    .isNegative();
        }
        assertThat(alice.receive(response)).isEqualTo(Peer.ACCEPTED);
    }

    @Test
    void shouldRefuseAForgedBodyUnderAValidMac1() {
        alice.initiate();
        byte[] initiation = alice.sent.remove();
        byte[] key = MessageMac.mac1Key(bob.keys.publicKey());
        for (int field : new int[] {
            HandshakeInitiation.EPHEMERAL_FIELD_OFFSET,
            HandshakeInitiation.ENCRYPTED_STATIC_FIELD_OFFSET,
            HandshakeInitiation.ENCRYPTED_TIMESTAMP_FIELD_OFFSET
        }) {
            byte[] forged = flipped(initiation, 8 * field);
            System.arraycopy(MessageMac.mac1(key, forged, 0), 0, forged, HandshakeInitiation.MAC1_FIELD_OFFSET, 16);
            assertThat(bob.receive(forged)).isEqualTo(Failure.FORGED);
        }
        assertThat(bob.receive(initiation)).isEqualTo(Peer.ACCEPTED);
    }

    @Test
    void shouldSurviveAnEphemeralKeyOfSmallOrder() {
        alice.initiate();
        byte[] initiation = alice.sent.remove();
        Arrays.fill(initiation, 8, 40, (byte) 0);
        byte[] key = MessageMac.mac1Key(bob.keys.publicKey());
        System.arraycopy(MessageMac.mac1(key, initiation, 0), 0, initiation, HandshakeInitiation.MAC1_FIELD_OFFSET, 16);

        assertThat(bob.receive(initiation)).isEqualTo(Failure.FORGED);
    }

    @Test
    void shouldSendNothingToAPublicKeyOfSmallOrder() {
        Peer peer = new Peer(
                alice.keys,
                PublicKey.of(new byte[32]),
                PresharedKey.NONE,
                1,
                Timing.standard(),
                new Random(1),
                peers::wallClock);
        peer.initiate(0, alice::send);
        peer.handleTimeout(6 * SECOND, alice::send);

        assertThat(alice.sent).isEmpty();
    }

    @Test
    void shouldRefuseMessagesOfWrongLengthOrType() {
        alice.initiate();
        byte[] initiation = alice.sent.remove();
        assertThat(bob.receive(Arrays.copyOf(initiation, 147))).isEqualTo(Failure.MALFORMED);
        assertThat(bob.receive(Arrays.copyOf(initiation, 149))).isEqualTo(Failure.MALFORMED);
        assertThat(bob.receive(Arrays.copyOf(initiation, 5))).isEqualTo(Failure.MALFORMED);
        assertThat(bob.receive(new byte[0])).isEqualTo(Failure.UNKNOWN_TYPE);
        assertThat(bob.receive(new byte[148])).isEqualTo(Failure.UNKNOWN_TYPE);
        initiation[1] = 1;
        assertThat(bob.receive(initiation)).as("reserved bytes are set").isEqualTo(Failure.UNKNOWN_TYPE);
        assertThat(bob.receive(new byte[] {2, 0, 0, 0})).isEqualTo(Failure.MALFORMED);
        assertThat(bob.receive(new byte[] {3, 0, 0, 0})).isEqualTo(Failure.MALFORMED);
        assertThat(bob.receive(new byte[] {4, 0, 0, 0})).isEqualTo(Failure.MALFORMED);
    }

    @Test
    void shouldGetThroughWhenBothInitiateAtOnce() {
        alice.initiate();
        bob.initiate();
        byte[] fromAlice = alice.sent.remove();
        byte[] fromBob = bob.sent.remove();
        bob.receive(fromAlice);
        alice.receive(fromBob);
        peers.exchange();

        for (int i = 0; i < 3; i++) {
            assertThat(alice.data((byte) i)).isPositive();
            assertThat(bob.data((byte) i)).isPositive();
            peers.exchange();
        }
        assertThat(alice.received).hasSize(3);
        assertThat(bob.received).hasSize(3);
        assertThat(alice.initiations + bob.initiations).isEqualTo(2);
    }

    @Test
    void shouldAllowARestartedInitiatorToStartAgain() {
        alice.initiate();
        peers.exchange();
        peers.now += SECOND;
        Peer restarted = new Peer(
                alice.keys,
                bob.keys.publicKey(),
                presharedKey(),
                0xcccccc,
                Timing.standard(),
                new Random(9),
                peers::wallClock);
        restarted.initiate(peers.now, alice::send);
        bob.receiveAll(alice);
        byte[] response = bob.sent.remove();

        assertThat(restarted.handleResponse(response, 0, response.length, peers.now, alice::send))
                .isEqualTo(Peer.ACCEPTED);
        bob.receiveAll(alice);
        byte[] answer = bob.sealed((byte) 7);
        byte[] out = new byte[64];
        assertThat(restarted.open(answer, 0, answer.length, out, 0, peers.now)).isEqualTo(1);
    }

    /** The key that {@link TwoPeers} draws third from its seed. */
    private static PresharedKey presharedKey() {
        Random random = new Random(1);
        KeyPair.generate(random);
        KeyPair.generate(random);
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        return PresharedKey.of(secret);
    }

    private static byte[] flipped(byte[] message, int bit) {
        byte[] forged = message.clone();
        forged[bit / 8] ^= (byte) (1 << bit % 8);
        return forged;
    }
}
