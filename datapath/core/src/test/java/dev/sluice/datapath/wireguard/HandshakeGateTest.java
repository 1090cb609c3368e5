package dev.sluice.datapath.wireguard;

import static dev.sluice.datapath.wireguard.TwoPeers.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.wire.CookieReply;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.HandshakeInitiation;
import dev.sluice.datapath.wire.WireGuardMessage;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HandshakeGateTest {
    private static final Endpoint HOME = Endpoint.parse("192.0.2.1:1000");

    private final Random random = new Random(5);
    private final KeyPair bobKeys = KeyPair.generate(random);
    private final HandshakeGate gate = new HandshakeGate(bobKeys, Timing.standard(), random);
    private final TwoPeers peers = new TwoPeers();
    private final Peer alice = new Peer(
            KeyPair.generate(random),
            bobKeys.publicKey(),
            PresharedKey.NONE,
            7,
            Timing.standard(),
            random,
            peers::wallClock);
    private final Deque<byte[]> sent = new ArrayDeque<>();
    private final Deque<byte[]> replies = new ArrayDeque<>();
    private long now = -100 * SECOND;

    @Test
    void shouldFindTheInitiator() {
        byte[] message = initiation();

        assertThat(admit(message, HOME)).isEqualTo(HandshakeGate.ADMITTED);
        assertThat(gate.open(message, 0).initiator()).isNotEqualTo(bobKeys.publicKey());
        assertThat(replies).isEmpty();
    }

    @Test
    void shouldDropWhatWasNotWrittenToThisDevice() {
        HandshakeGate other = new HandshakeGate(KeyPair.generate(random), Timing.standard(), random);

        assertThat(other.admit(initiation(), 0, 148, HOME, now, this::reply)).isEqualTo(Failure.FORGED);
        assertThat(replies).isEmpty();
    }

    @Test
    void shouldAnswerWithACookieAboveTheLimit() {
        exhaust();
        assertThat(gate.underLoad(now)).isTrue();

        byte[] message = initiation();
        assertThat(admit(message, HOME)).isEqualTo(Failure.RATE_LIMITED);

        byte[] reply = replies.remove();
        assertThat(reply).hasSize(CookieReply.LENGTH);
        assertThat(CookieReply.receiverIndex(reply, 0)).isEqualTo(HandshakeInitiation.senderIndex(message, 0));
    }

    @Test
    void shouldAdmitTheBearerOfACookieAboveTheLimit() {
        exhaust();
        admit(initiation(), HOME);
        assertThat(alice.handleCookieReply(replies.remove(), 0, CookieReply.LENGTH, now))
                .isEqualTo(Peer.ACCEPTED);

        byte[] repeated = repetition();
        exhaust();
        assertThat(admit(repeated, HOME)).isEqualTo(HandshakeGate.ADMITTED);
        assertThat(replies).isEmpty();
    }

    @Test
    void shouldBindTheCookieToAddressAndPort() {
        exhaust();
        admit(initiation(), HOME);
        alice.handleCookieReply(replies.remove(), 0, CookieReply.LENGTH, now);

        byte[] repeated = repetition();
        exhaust();
        assertThat(admit(repeated, Endpoint.parse("192.0.2.1:1001"))).isEqualTo(Failure.RATE_LIMITED);
        assertThat(admit(repeated, Endpoint.parse("192.0.2.2:1000"))).isEqualTo(Failure.RATE_LIMITED);
        assertThat(admit(repeated, Endpoint.parse("[2001:db8::1]:1000"))).isEqualTo(Failure.RATE_LIMITED);
        assertThat(admit(repeated, HOME)).isEqualTo(HandshakeGate.ADMITTED);
    }

    @Test
    void shouldLetCookiesExpire() {
        exhaust();
        admit(initiation(), HOME);
        alice.handleCookieReply(replies.remove(), 0, CookieReply.LENGTH, now);
        byte[] repeated = repetition();

        now += 120 * SECOND;
        exhaust();
        assertThat(admit(repeated, HOME)).isEqualTo(Failure.RATE_LIMITED);

        alice.handleTimeout(now, this::keep);
        alice.initiate(now, this::keep);
        assertThat(Arrays.copyOfRange(sent.removeLast(), HandshakeInitiation.MAC2_FIELD_OFFSET, 148))
                .as("an old cookie is not used")
                .containsOnly(0);
    }

    @Test
    void shouldLimitEvenTheBearersOfCookies() {
        exhaust();
        admit(initiation(), HOME);
        alice.handleCookieReply(replies.remove(), 0, CookieReply.LENGTH, now);
        byte[] repeated = repetition();
        exhaust();

        int admitted = 0;
        while (admit(repeated, HOME) == HandshakeGate.ADMITTED) {
            admitted++;
        }
        assertThat(admitted).isEqualTo(HandshakeGate.HANDSHAKES_PER_SECOND_WITH_COOKIE);
        assertThat(replies).isEmpty();
    }

    @Test
    void shouldBeOpenAgainASecondLater() {
        exhaust();
        now += SECOND;

        assertThat(gate.underLoad(now)).isFalse();
        assertThat(admit(initiation(), HOME)).isEqualTo(HandshakeGate.ADMITTED);
    }

    @Test
    void shouldNotSpendTheLimitOnForgedMessages() {
        byte[] forged = initiation();
        forged[HandshakeInitiation.MAC1_FIELD_OFFSET] ^= 1;
        for (int i = 0; i < 1000; i++) {
            assertThat(admit(forged, HOME)).isEqualTo(Failure.FORGED);
        }
        assertThat(gate.underLoad(now)).isFalse();
    }

    @Test
    void shouldIgnoreACookieThatAnswersNothing() {
        assertThat(alice.handleCookieReply(new byte[CookieReply.LENGTH], 0, CookieReply.LENGTH, now))
                .isEqualTo(Failure.FORGED);
        exhaust();
        admit(initiation(), HOME);
        byte[] reply = replies.remove();
        assertThat(alice.handleCookieReply(reply, 0, CookieReply.LENGTH - 1, now))
                .isEqualTo(Failure.MALFORMED);
        reply[40] ^= 1;
        assertThat(alice.handleCookieReply(reply, 0, CookieReply.LENGTH, now)).isEqualTo(Failure.FORGED);
    }

    @Test
    void shouldGetAHandshakeThroughALoadedResponder() {
        TwoPeers loaded = new TwoPeers();
        loaded.bob.gate.admit(new byte[4], 0, 4, HOME, loaded.now, this::reply);
        loaded.alice.initiate();
        byte[] flood = loaded.alice.sent.peek();
        for (int i = 0; i < HandshakeGate.HANDSHAKES_PER_SECOND; i++) {
            loaded.bob.gate.admit(flood, 0, flood.length, HOME, loaded.now, this::reply);
        }
        loaded.exchange();
        assertThat(loaded.alice.peer.hasSession(loaded.now)).isFalse();

        long next = loaded.alice.peer.nextTimeout();
        for (int i = 0; i < HandshakeGate.HANDSHAKES_PER_SECOND; i++) {
            loaded.bob.gate.admit(flood, 0, flood.length, HOME, next, this::reply);
        }
        loaded.pass(next - loaded.now);
        assertThat(loaded.alice.peer.hasSession(loaded.now)).isTrue();
    }

    private void exhaust() {
        while (!gate.underLoad(now)) {
            byte[] junk = new byte[HandshakeInitiation.LENGTH];
            random.nextBytes(junk);
            HandshakeInitiation.header(junk, 0, 1);
            byte[] mac1 = MessageMac.mac1(MessageMac.mac1Key(bobKeys.publicKey()), junk, 0);
            System.arraycopy(mac1, 0, junk, HandshakeInitiation.MAC1_FIELD_OFFSET, mac1.length);
            assertThat(admit(junk, HOME)).isEqualTo(HandshakeGate.ADMITTED);
            assertThat(gate.open(junk, 0)).isNull();
        }
    }

    private byte[] initiation() {
        alice.initiate(now, this::keep);
        byte[] message = sent.removeLast();
        assertThat(WireGuardMessage.matches(message, 0, message.length)).isTrue();
        return message;
    }

    private byte[] repetition() {
        now = alice.nextTimeout();
        alice.handleTimeout(now, this::keep);
        return sent.removeLast();
    }

    private int admit(byte[] message, Endpoint source) {
        return gate.admit(message, 0, message.length, source, now, this::reply);
    }

    private void keep(byte[] buffer, int offset, int length) {
        sent.add(Arrays.copyOfRange(buffer, offset, offset + length));
    }

    private void reply(byte[] buffer, int offset, int length) {
        replies.add(Arrays.copyOfRange(buffer, offset, offset + length));
    }
}
