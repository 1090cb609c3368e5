package dev.sluice.datapath.wireguard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.crypto.AeadProvider;
import dev.sluice.datapath.crypto.AeadProviders;
import dev.sluice.datapath.wire.CookieReply;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.HandshakeInitiation;
import dev.sluice.datapath.wire.HandshakeResponse;
import dev.sluice.datapath.wire.TransportData;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole handshakes, byte for byte, as {@code handshake_vectors.py} beside the vectors computed them: a second
 * implementation, from the paper, in another language and on other libraries.
 */
class HandshakeVectorTest {
    private static final Endpoint SOMEWHERE = Endpoint.parse("192.0.2.1:51820");
    private static final long REKEY_TIMEOUT = 6_000_000_000L;

    record Vector(String name, AeadProvider aeads, Properties values) {
        byte[] bytes(String key) {
            return HexFormat.of().parseHex(values.getProperty(name + "." + key));
        }

        Peer initiator(Fixed random) {
            return new Peer(
                    keys("initiatorStatic"),
                    keys("responderStatic").publicKey(),
                    PresharedKey.of(bytes("presharedKey")),
                    0xaaaaaa,
                    Timing.standard(),
                    random,
                    this::instant,
                    aeads);
        }

        Peer responder(Fixed random) {
            return new Peer(
                    keys("responderStatic"),
                    keys("initiatorStatic").publicKey(),
                    PresharedKey.of(bytes("presharedKey")),
                    0xbbbbbb,
                    Timing.standard(),
                    random,
                    this::instant,
                    aeads);
        }

        KeyPair keys(String key) {
            return KeyPair.of(PrivateKey.of(bytes(key)));
        }

        Instant instant() {
            return Instant.ofEpochSecond(
                    Long.parseLong(values.getProperty(name + ".unixSeconds")),
                    Long.parseLong(values.getProperty(name + ".nanoseconds")));
        }

        @Override
        public String toString() {
            return name + " with " + aeads.name();
        }
    }

    /** Gives out what it was given. */
    record Fixed(byte[] secret) implements RandomGenerator {
        @Override
        public long nextLong() {
            return 0;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(secret, 0, bytes, 0, bytes.length);
        }
    }

    static List<Vector> vectors() throws IOException {
        Properties values = new Properties();
        try (InputStream in = HandshakeVectorTest.class.getResourceAsStream("handshake-vectors.properties")) {
            values.load(in);
        }
        return AeadProviders.available().stream()
                .flatMap(aeads -> List.of("preshared", "plain").stream().map(name -> new Vector(name, aeads, values)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void shouldInitiateByteForByte(Vector vector) {
        Deque<byte[]> sent = new ArrayDeque<>();
        Peer initiator = vector.initiator(new Fixed(vector.bytes("initiatorEphemeral")));

        initiator.initiate(0, (b, o, l) -> sent.add(Arrays.copyOfRange(b, o, o + l)));
        assertThat(sent.remove()).isEqualTo(vector.bytes("initiation"));

        byte[] response = vector.bytes("response");
        assertThat(initiator.handleResponse(
                        response, 0, response.length, 1, (b, o, l) -> sent.add(Arrays.copyOfRange(b, o, o + l))))
                .isEqualTo(Peer.ACCEPTED);
        assertThat(sent.remove()).isEqualTo(vector.bytes("initiatorKeepalive"));

        byte[] packet = vector.bytes("packet");
        byte[] sealed = new byte[packet.length + TransportData.OVERHEAD];
        assertThat(initiator.seal(packet, 0, packet.length, sealed, 0, 2)).isEqualTo(sealed.length);
        assertThat(sealed).isEqualTo(vector.bytes("initiatorData"));

        byte[] data = vector.bytes("responderData");
        byte[] opened = new byte[packet.length];
        assertThat(initiator.open(data, 0, data.length, opened, 0, 3)).isEqualTo(packet.length);
        assertThat(opened).isEqualTo(packet);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void shouldRespondByteForByte(Vector vector) {
        Deque<byte[]> sent = new ArrayDeque<>();
        Fixed random = new Fixed(vector.bytes("responderEphemeral"));
        HandshakeGate gate = new HandshakeGate(vector.keys("responderStatic"), Timing.standard(), random);
        Peer responder = vector.responder(random);
        byte[] message = vector.bytes("initiation");

        assertThat(gate.admit(message, 0, HandshakeInitiation.LENGTH, SOMEWHERE, 0, (b, o, l) -> {}))
                .isEqualTo(HandshakeGate.ADMITTED);
        Initiation initiation = gate.open(message, 0);
        assertThat(initiation.initiator())
                .isEqualTo(vector.keys("initiatorStatic").publicKey());
        assertThat(responder.handleInitiation(initiation, 0, (b, o, l) -> sent.add(Arrays.copyOfRange(b, o, o + l))))
                .isEqualTo(Peer.ACCEPTED);
        assertThat(sent.remove()).isEqualTo(vector.bytes("response"));

        byte[] keepalive = vector.bytes("initiatorKeepalive");
        byte[] data = vector.bytes("initiatorData");
        byte[] opened = new byte[64];
        assertThat(responder.open(keepalive, 0, keepalive.length, opened, 0, 1)).isZero();
        byte[] packet = vector.bytes("packet");
        assertThat(responder.open(data, 0, data.length, opened, 0, 1)).isEqualTo(packet.length);
        assertThat(Arrays.copyOf(opened, packet.length)).isEqualTo(packet);

        byte[] sealed = new byte[packet.length + TransportData.OVERHEAD];
        responder.seal(packet, 0, packet.length, sealed, 0, 2);
        assertThat(sealed).isEqualTo(vector.bytes("responderData"));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void shouldUseTheCookieByteForByte(Vector vector) {
        Deque<byte[]> sent = new ArrayDeque<>();
        // The clock of the vector stands still, so the repetition has the next timestamp; its mac2 is checked below.
        Peer initiator = vector.initiator(new Fixed(vector.bytes("initiatorEphemeral")));
        CookieJar jar = new CookieJar(vector.keys("responderStatic").publicKey(), Timing.standard());
        byte[] message = vector.bytes("initiation");
        byte[] reply = vector.bytes("cookieReply");

        jar.sign(message, 0);
        assertThat(jar.accept(reply, 0, 1)).isTrue();
        jar.sign(message, 2);
        assertThat(Arrays.copyOfRange(message, HandshakeInitiation.MAC2_FIELD_OFFSET, HandshakeInitiation.LENGTH))
                .isEqualTo(vector.bytes("initiationMac2"));

        initiator.initiate(0, (b, o, l) -> {});
        assertThat(initiator.handleCookieReply(reply, 0, CookieReply.LENGTH, 1)).isEqualTo(Peer.ACCEPTED);
        initiator.handleTimeout(REKEY_TIMEOUT, (b, o, l) -> sent.add(Arrays.copyOfRange(b, o, o + l)));
        assertThat(Arrays.copyOfRange(sent.remove(), HandshakeInitiation.MAC2_FIELD_OFFSET, HandshakeInitiation.LENGTH))
                .isNotEqualTo(new byte[16]);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void shouldRefuseTheResponseUnderAnotherPresharedKey(Vector vector) {
        byte[] response = vector.bytes("response");
        Peer initiator = new Peer(
                vector.keys("initiatorStatic"),
                vector.keys("responderStatic").publicKey(),
                PresharedKey.of(new byte[] {
                    1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2
                }),
                0xaaaaaa,
                Timing.standard(),
                new Fixed(vector.bytes("initiatorEphemeral")),
                vector::instant,
                vector.aeads());
        initiator.initiate(0, (b, o, l) -> {});
        assertThat(initiator.handleResponse(response, 0, HandshakeResponse.LENGTH, 1, (b, o, l) -> {}))
                .isEqualTo(Failure.FORGED);
        assertThat(initiator.handshakeInFlight()).isTrue();
    }
}
