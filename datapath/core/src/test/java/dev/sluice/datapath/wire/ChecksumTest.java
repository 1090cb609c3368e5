package dev.sluice.datapath.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChecksumTest {
    private static final long SEED = 0xc4ec5L;

    @Test
    void shouldComputeTheExampleOfRfc1071() {
        byte[] bytes = HexFormat.of().parseHex("0001f203f4f5f6f7");

        assertThat(Checksum.of(bytes, 0, bytes.length)).isEqualTo(~0xddf2 & 0xffff);
    }

    @Test
    void shouldVerifyAKnownIpv4Header() {
        byte[] header = HexFormat.of().parseHex("45000073000040004011b861c0a80001c0a800c7");

        assertThat(Checksum.of(header, 0, header.length)).isZero();
        Ipv4Header.writeChecksum(header, 0);
        assertThat(Ipv4Header.checksum(header, 0)).isEqualTo(0xb861);
    }

    @Test
    void shouldAgreeWithAPlainSumOfWords() {
        Random random = new Random(SEED);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(200) + 3];
            random.nextBytes(bytes);
            if (i % 7 == 0) {
                Arrays.fill(bytes, (byte) 0xff);
            }
            int length = bytes.length - 3;

            assertThat(Checksum.of(bytes, 3, length))
                    .as("seed %x length %d", SEED, length)
                    .isEqualTo(plain(bytes, 3, length));
        }
    }

    @Test
    void shouldSumALargePacketWithoutOverflow() {
        byte[] bytes = new byte[65535];
        Arrays.fill(bytes, (byte) 0xff);

        assertThat(Checksum.of(bytes, 0, bytes.length)).isEqualTo(plain(bytes, 0, bytes.length));
    }

    @Test
    void shouldSumInParts() {
        byte[] bytes = new byte[101];
        new Random(SEED).nextBytes(bytes);

        long sum = Checksum.sum(Checksum.sum(Checksum.sum(0, bytes, 0, 6), bytes, 6, 32), bytes, 38, 63);
        assertThat(Checksum.finish(sum)).isEqualTo(Checksum.of(bytes, 0, 101));
    }

    @Test
    void shouldIncludeThePseudoHeader() {
        for (String[] ends : new String[][] {{"192.0.2.1", "198.51.100.2"}, {"2001:db8::1", "2001:db8::2"}}) {
            byte[] packet = Packets.udp(ends[0], 1, ends[1], 2, new byte[] {1, 2, 3});
            IpAddress source = IpAddress.parse(ends[0]);
            int messageLength = UdpHeader.LENGTH + 3;
            byte[] pseudo = new byte[2 * source.byteLength() + 4 + messageLength];
            source.write(pseudo, 0);
            IpAddress.parse(ends[1]).write(pseudo, source.byteLength());
            pseudo[2 * source.byteLength() + 1] = IpProtocol.UDP;
            pseudo[2 * source.byteLength() + 3] = (byte) messageLength;
            System.arraycopy(
                    packet, packet.length - messageLength, pseudo, pseudo.length - messageLength, messageLength);

            assertThat(plain(pseudo, 0, pseudo.length)).isZero();
        }
    }

    @Test
    void shouldUpdateToWhatIsComputedFromScratch() {
        Random random = new Random(SEED);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[20];
            random.nextBytes(bytes);
            if (i % 2 == 0) {
                Arrays.fill(bytes, 4, 20, (byte) (i % 4 == 0 ? 0xff : 0));
                bytes[0] |= 1;
            }
            NetworkOrder.putShort(bytes, 10, 0);
            int checksum = Checksum.of(bytes, 0, bytes.length);
            int before = NetworkOrder.unsignedShort(bytes, 2);
            int after = edge(random);
            NetworkOrder.putShort(bytes, 2, after);

            assertThat(Checksum.update(checksum, before, after))
                    .as("seed %x: %x, %x to %x", SEED, checksum, before, after)
                    .isEqualTo(Checksum.of(bytes, 0, bytes.length));
        }
    }

    @Test
    void shouldUpdateTheExampleOfRfc1624() {
        assertThat(Checksum.update(0xdd2f, 0x5555, 0x3285)).isEqualTo(0x0000);
    }

    @Test
    void shouldNeverTurnAUdpChecksumIntoNone() {
        assertThat(Checksum.updateUdp(0xdd2f, 0x5555, 0x3285)).isEqualTo(0xffff);
        assertThat(Checksum.updateUdp(0xffff, 0x3285, 0x5555)).isEqualTo(0xdd2f);
        assertThat(Checksum.updateUdp(0, 0x3285, 0x5555)).isZero();
    }

    /** RFC 1071 §4.1, one word at a time. */
    private static int plain(byte[] bytes, int offset, int length) {
        int sum = 0;
        for (int i = 0; i < length; i++) {
            int octet = bytes[offset + i] & 0xff;
            sum += i % 2 == 0 ? octet << 8 : octet;
            sum = (sum & 0xffff) + (sum >> 16);
        }
        return ~sum & 0xffff;
    }

    private static int edge(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> 0xffff;
            default -> random.nextInt(0x10000);
        };
    }
}
