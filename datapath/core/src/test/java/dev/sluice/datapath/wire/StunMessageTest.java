package dev.sluice.datapath.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StunMessageTest {
    private static final byte[] PASSWORD = "VOkJxbRl1RmTxUk/WvJxBt".getBytes(StandardCharsets.US_ASCII);

    /** RFC 5769 §2.1. */
    private static final byte[] REQUEST = bytes("""
            00010058 2112a442 b7e7a701 bc34d686 fa87dfae
            80220010 5354554e 20746573 7420636c 69656e74
            00240004 6e0001ff
            80290008 932ff9b1 51263b36
            00060009 6576746a 3a683676 59202020
            00080014 9aeaa70c bfd8cb56 781ef2b5 b2d3f249 c1b571a2
            80280004 e57a3bcf""");

    /** RFC 5769 §2.2. */
    private static final byte[] IPV4_RESPONSE = bytes("""
            0101003c 2112a442 b7e7a701 bc34d686 fa87dfae
            8022000b 74657374 20766563 746f7220
            00200008 0001a147 e112a643
            00080014 2b91f599 fd9e90c3 8c7489f9 2af9ba53 f06be7d7
            80280004 c07d4c96""");

    /** RFC 5769 §2.3. */
    private static final byte[] IPV6_RESPONSE = bytes("""
            01010048 2112a442 b7e7a701 bc34d686 fa87dfae
            8022000b 74657374 20766563 746f7220
            00200014 0002a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9
            00080014 a382954e 4be67bf1 1784c97c 8292c275 bfe3ed41
            80280004 c8fb0b4c""");

    /** RFC 5769 §2.4. */
    private static final byte[] LONG_TERM_REQUEST = bytes("""
            00010060 2112a442 78ad3433 c6ad72c0 29da412e
            00060012 e3839ee3 8388e383 aae38383 e382afe3 82b90000
            0015001c 662f2f34 39396b39 3534 64364f4c 33346f4c 39465354 76793634 7341
            0014000b 6578616d 706c652e 6f726700
            00080014 f6702465 6dd64a3e 02b8e071 2e85c9a2 8ca89666""");

    private final StunMessage message = new StunMessage();
    private final StunIntegrity integrity = new StunIntegrity(PASSWORD);

    @Test
    void shouldReadTheSampleRequest() {
        assertThat(wrap(REQUEST)).isTrue();
        assertThat(message.type()).isEqualTo(StunMessage.BINDING_REQUEST);
        assertThat(message.transactionHigh()).isEqualTo(0xb7e7a701);
        assertThat(message.transactionLow()).isEqualTo(0xbc34d686fa87dfaeL);
        assertThat(message.username()).isEqualTo("evtj:h6vY");
        assertThat(message.priority()).isEqualTo(0x6e0001ffL);
        assertThat(message.controlled()).isTrue();
        assertThat(message.controlling()).isFalse();
        assertThat(message.useCandidate()).isFalse();
        assertThat(message.unknownAttributes()).isEmpty();
        assertThat(integrity.verify(message)).isTrue();
        assertThat(message.fingerprintMatches()).isTrue();
    }

    @Test
    void shouldReadTheSampleIpv4Response() {
        assertThat(wrap(IPV4_RESPONSE)).isTrue();
        assertThat(message.type()).isEqualTo(StunMessage.BINDING_SUCCESS);
        assertThat(message.mappedAddress()).isEqualTo(Endpoint.parse("192.0.2.1:32853"));
        assertThat(integrity.verify(message)).isTrue();
        assertThat(message.fingerprintMatches()).isTrue();
    }

    @Test
    void shouldReadTheSampleIpv6Response() {
        assertThat(wrap(IPV6_RESPONSE)).isTrue();
        assertThat(message.mappedAddress()).isEqualTo(Endpoint.parse("[2001:db8:1234:5678:11:2233:4455:6677]:32853"));
        assertThat(integrity.verify(message)).isTrue();
        assertThat(message.fingerprintMatches()).isTrue();
    }

    @Test
    void shouldVerifyTheSampleRequestWithLongTermCredentials() throws GeneralSecurityException {
        byte[] key = MessageDigest.getInstance("MD5")
                .digest("マトリックス:example.org:TheMatrIX".getBytes(StandardCharsets.UTF_8));
        assertThat(wrap(LONG_TERM_REQUEST)).isTrue();
        assertThat(message.username()).isEqualTo("マトリックス");
        assertThat(message.hasFingerprint()).isFalse();
        assertThat(message.fingerprintMatches()).isFalse();
        assertThat(new StunIntegrity(key).verify(message)).isTrue();
    }

    @Test
    void shouldNameTheAttributesThatItDoesNotUnderstand() {
        wrap(LONG_TERM_REQUEST);
        assertThat(message.unknownAttributes()).containsExactly(0x0015, 0x0014);
    }

    @Test
    void shouldRejectAnyChangedByte() {
        for (byte[] sample : new byte[][] {REQUEST, IPV4_RESPONSE, IPV6_RESPONSE}) {
            for (int i = 0; i < sample.length; i++) {
                byte[] changed = sample.clone();
                changed[i] ^= 1;
                boolean accepted = wrap(changed) && message.fingerprintMatches();
                assertThat(accepted).as("byte %d", i).isFalse();
            }
        }
    }

    @Test
    void shouldRejectIntegrityUnderAnotherPassword() {
        wrap(REQUEST);
        assertThat(new StunIntegrity(new byte[] {1}).verify(message)).isFalse();
    }

    @Test
    void shouldRejectEveryTruncation() {
        for (int length = 0; length < REQUEST.length; length++) {
            assertThat(message.wrap(REQUEST, 0, length)).as("%d bytes", length).isFalse();
            byte[] consistent = Arrays.copyOf(REQUEST, length);
            if (length >= StunMessage.HEADER_LENGTH) {
                NetworkOrder.putShort(consistent, StunMessage.LENGTH_FIELD_OFFSET, length - StunMessage.HEADER_LENGTH);
            }
            boolean accepted = wrap(consistent) && message.fingerprintMatches();
            assertThat(accepted).as("%d bytes, length field right", length).isFalse();
        }
    }

    @Test
    void shouldRejectWhatFollowsTheFingerprint() {
        byte[] longer = Arrays.copyOf(REQUEST, REQUEST.length + 4);
        NetworkOrder.putShort(longer, REQUEST.length, StunAttribute.USE_CANDIDATE);
        NetworkOrder.putShort(longer, StunMessage.LENGTH_FIELD_OFFSET, longer.length - StunMessage.HEADER_LENGTH);
        assertThat(wrap(longer)).isFalse();
    }

    @Test
    void shouldIgnoreWhatStandsBetweenIntegrityAndFingerprint() {
        StunWriter writer = new StunWriter();
        writer.begin(StunMessage.BINDING_REQUEST, 1, 2)
                .username("a:b")
                .integrity(integrity)
                .useCandidate()
                .fingerprint();
        assertThat(message.wrap(writer.buffer(), 0, writer.length())).isTrue();
        assertThat(message.useCandidate()).isFalse();
        assertThat(integrity.verify(message)).isTrue();
        assertThat(message.fingerprintMatches()).isTrue();
    }

    @Test
    void shouldReadWhatWasWritten() {
        StunWriter writer = new StunWriter();
        writer.begin(StunMessage.BINDING_REQUEST, 0xdeadbeef, Long.MIN_VALUE)
                .username("gate:clie")
                .priority(4_000_000_000L)
                .controlling(-1)
                .useCandidate()
                .integrity(integrity)
                .fingerprint();
        assertThat(message.wrap(writer.buffer(), 0, writer.length())).isTrue();
        assertThat(message.transactionHigh()).isEqualTo(0xdeadbeef);
        assertThat(message.transactionLow()).isEqualTo(Long.MIN_VALUE);
        assertThat(message.username()).isEqualTo("gate:clie");
        assertThat(message.priority()).isEqualTo(4_000_000_000L);
        assertThat(message.controlling()).isTrue();
        assertThat(message.useCandidate()).isTrue();
        assertThat(integrity.verify(message)).isTrue();
        assertThat(message.fingerprintMatches()).isTrue();
    }

    @Test
    void shouldWriteTheMappedAddressesOfTheSamples() {
        StunWriter writer = new StunWriter();
        for (byte[] sample : new byte[][] {IPV4_RESPONSE, IPV6_RESPONSE}) {
            wrap(sample);
            Endpoint mapped = message.mappedAddress();
            assertThat(mapped).isNotNull();
            writer.begin(message.type(), message.transactionHigh(), message.transactionLow())
                    .mappedAddress(mapped);
            byte[] attribute = Arrays.copyOfRange(writer.buffer(), StunMessage.HEADER_LENGTH, writer.length());
            assertThat(HexFormat.of().formatHex(sample)).contains(HexFormat.of().formatHex(attribute));
        }
    }

    @Test
    void shouldReadAnErrorThatWasWritten() {
        StunWriter writer = new StunWriter();
        writer.begin(StunMessage.BINDING_ERROR, 1, 2)
                .errorCode(420, "Unknown Attribute")
                .unknownAttributes(new int[] {0x15, 0x14})
                .integrity(integrity)
                .fingerprint();
        assertThat(message.wrap(writer.buffer(), 0, writer.length())).isTrue();
        assertThat(message.errorCode()).isEqualTo(420);
        assertThat(integrity.verify(message)).isTrue();
    }

    @Test
    void shouldNeverThrowOnAnyInput() {
        long seed = 20_260_901;
        Random random = new Random(seed);
        for (int i = 0; i < 300_000; i++) {
            byte[] datagram = i % 2 == 0 ? noise(random) : mutation(random);
            int length = random.nextInt(4) == 0 ? random.nextInt(datagram.length + 1) : datagram.length;
            boolean wrapped = message.wrap(datagram, 0, length);
            if (wrapped) {
                message.username();
                message.priority();
                message.mappedAddress();
                message.errorCode();
                message.unknownAttributes();
                message.fingerprintMatches();
                integrity.verify(message);
            }
            if (length < 20) {
                assertThat(wrapped).as("seed %d, datagram %d", seed, i).isFalse();
            }
        }
    }

    /** Random attributes behind a right header. */
    private static byte[] noise(Random random) {
        byte[] datagram = new byte[StunMessage.HEADER_LENGTH + 4 * random.nextInt(40)];
        random.nextBytes(datagram);
        datagram[0] &= 0x3f;
        NetworkOrder.putInt(datagram, StunMessage.COOKIE_FIELD_OFFSET, StunMessage.MAGIC_COOKIE);
        NetworkOrder.putShort(datagram, StunMessage.LENGTH_FIELD_OFFSET, datagram.length - StunMessage.HEADER_LENGTH);
        for (int at = StunMessage.HEADER_LENGTH; at + 4 <= datagram.length; at += 4 + 4 * random.nextInt(6)) {
            NetworkOrder.putShort(datagram, at, random.nextInt(0x30) | (random.nextBoolean() ? 0x8000 : 0));
            NetworkOrder.putShort(datagram, at + 2, random.nextInt(24));
        }
        return datagram;
    }

    private static byte[] mutation(Random random) {
        byte[][] samples = {REQUEST, IPV4_RESPONSE, IPV6_RESPONSE, LONG_TERM_REQUEST};
        byte[] datagram = samples[random.nextInt(samples.length)].clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            datagram[random.nextInt(datagram.length)] = (byte) random.nextInt();
        }
        return datagram;
    }

    private boolean wrap(byte[] datagram) {
        return message.wrap(datagram, 0, datagram.length);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }
}
