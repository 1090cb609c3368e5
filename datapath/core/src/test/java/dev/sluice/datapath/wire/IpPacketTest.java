package dev.sluice.datapath.wire;

import static dev.sluice.datapath.wire.IpPacket.Status.FIRST_FRAGMENT;
import static dev.sluice.datapath.wire.IpPacket.Status.FRAGMENT;
import static dev.sluice.datapath.wire.IpPacket.Status.MALFORMED;
import static dev.sluice.datapath.wire.IpPacket.Status.SOURCE_ROUTED;
import static dev.sluice.datapath.wire.IpPacket.Status.VALID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IpPacketTest {
    private static final long SEED = 0x19acce7L;
    private static final String V4 = "192.0.2.1";
    private static final String V4_OTHER = "198.51.100.2";
    private static final String V6 = "2001:db8::1";
    private static final String V6_OTHER = "2001:db8::2";

    private final IpPacket packet = new IpPacket();

    @Test
    void shouldReadIpv4Udp() {
        byte[] bytes = Packets.udp(V4, 1234, V4_OTHER, 53, new byte[10]);

        assertThat(wrap(bytes)).isEqualTo(VALID);
        assertThat(packet.version()).isEqualTo(4);
        assertThat(packet.protocol()).isEqualTo(IpProtocol.UDP);
        assertThat(packet.headerLength()).isEqualTo(20);
        assertThat(packet.totalLength()).isEqualTo(38);
        assertThat(packet.source()).hasToString(V4);
        assertThat(packet.destination()).hasToString(V4_OTHER);
        assertThat(packet.sourcePort()).isEqualTo(1234);
        assertThat(packet.destinationPort()).isEqualTo(53);
        assertThat(packet.isFrom(IpAddress.parse(V4))).isTrue();
        assertThat(packet.isTo(IpAddress.parse(V4))).isFalse();
        assertThat(packet.isTo(IpAddress.parse(V6))).isFalse();
    }

    @Test
    void shouldReadIpv6Tcp() {
        byte[] bytes = Packets.tcp(V6, 50000, V6_OTHER, 443, TcpHeader.SYN, new byte[0]);

        assertThat(wrap(bytes)).isEqualTo(VALID);
        assertThat(packet.version()).isEqualTo(6);
        assertThat(packet.source()).hasToString(V6);
        assertThat(packet.destination()).hasToString(V6_OTHER);
        assertThat(packet.sourcePort()).isEqualTo(50000);
        assertThat(packet.destinationPort()).isEqualTo(443);
        assertThat(packet.isTcpSyn()).isTrue();
        assertThat(packet.icmpType()).isEqualTo(-1);
    }

    @Test
    void shouldNotMistakeSynAckForSyn() {
        wrap(Packets.tcp(V4, 1, V4_OTHER, 2, TcpHeader.SYN | TcpHeader.ACK, new byte[0]));
        assertThat(packet.isTcpSyn()).isFalse();

        wrap(Packets.udp(V4, 1, V4_OTHER, 2, new byte[20]));
        assertThat(packet.isTcpSyn()).isFalse();
    }

    @Test
    void shouldTellEchoFromErrors() {
        wrap(Packets.echoRequest(V4, V4_OTHER, new byte[4]));
        assertThat(List.of(packet.isEchoRequest(), packet.isEchoReply(), packet.isIcmpError()))
                .containsExactly(true, false, false);
        wrap(Packets.echoReply(V6, V6_OTHER, new byte[4]));
        assertThat(List.of(packet.isEchoRequest(), packet.isEchoReply(), packet.isIcmpError()))
                .containsExactly(false, true, false);
        for (int type : new int[] {3, 4, 5, 11, 12}) {
            wrap(Packets.icmp(V4, V4_OTHER, type, 0, new byte[28]));
            assertThat(packet.isIcmpError()).as("IPv4 type %d", type).isTrue();
        }
        for (int type : new int[] {1, 2, 3, 4, 100, 127}) {
            wrap(Packets.icmp(V6, V6_OTHER, type, 0, new byte[48]));
            assertThat(packet.isIcmpError()).as("IPv6 type %d", type).isTrue();
        }
    }

    @Test
    void shouldTellProhibitedFromOtherErrors() {
        wrap(Packets.icmp(V4, V4_OTHER, 3, 13, new byte[28]));
        assertThat(packet.isIcmpProhibited()).isTrue();
        wrap(Packets.icmp(V6, V6_OTHER, 1, 1, new byte[48]));
        assertThat(packet.isIcmpProhibited()).isTrue();
        wrap(Packets.icmp(V4, V4_OTHER, 3, 10, new byte[28]));
        assertThat(packet.isIcmpProhibited()).isFalse();
        wrap(Packets.icmp(V6, V6_OTHER, 3, 13, new byte[48]));
        assertThat(packet.isIcmpProhibited()).isFalse();
        wrap(Packets.udp(V4, 0x030d, V4_OTHER, 0, new byte[28]));
        assertThat(packet.isIcmpProhibited()).isFalse();
    }

    @Test
    void shouldIgnoreBytesBehindThePacket() {
        byte[] bytes = Packets.udp(V6, 1, V6_OTHER, 2, new byte[10]);

        assertThat(wrap(Arrays.copyOf(bytes, bytes.length + 15))).isEqualTo(VALID);
        assertThat(packet.totalLength()).isEqualTo(bytes.length);
    }

    @Test
    void shouldReadAtAnyOffset() {
        byte[] bytes = Packets.udp(V4, 1, V4_OTHER, 2, new byte[10]);
        byte[] shifted = new byte[bytes.length + 7];
        System.arraycopy(bytes, 0, shifted, 7, bytes.length);

        assertThat(packet.wrap(shifted, 7, bytes.length)).isEqualTo(VALID);
        assertThat(packet.destination()).hasToString(V4_OTHER);
        assertThat(packet.transportOffset()).isEqualTo(27);
    }

    @Test
    void shouldRefuseEveryTruncation() {
        for (byte[] bytes : samples()) {
            for (int length = 0; length < bytes.length; length++) {
                assertThat(packet.wrap(bytes, 0, length))
                        .as("%s, %d bytes", HexFormat.of().formatHex(bytes), length)
                        .isEqualTo(MALFORMED);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 5, 7, 8, 15})
    void shouldRefuseOtherVersions(int version) {
        byte[] bytes = Packets.udp(V4, 1, V4_OTHER, 2, new byte[40]);
        bytes[0] = (byte) (version << 4 | 5);

        assertThat(wrap(bytes)).isEqualTo(MALFORMED);
    }

    @Test
    void shouldRefuseIpv4LengthsThatContradictEachOther() {
        assertThat(wrap(edited(Packets.udp(V4, 1, V4_OTHER, 2, new byte[8]), 0, 0x44)))
                .isEqualTo(MALFORMED);
        assertThat(wrap(edited(Packets.udp(V4, 1, V4_OTHER, 2, new byte[8]), 3, 19)))
                .isEqualTo(MALFORMED);
        assertThat(wrap(edited(Packets.udp(V4, 1, V4_OTHER, 2, new byte[8]), 3, 27)))
                .isEqualTo(MALFORMED);
        assertThat(wrap(edited(Packets.udp(V4, 1, V4_OTHER, 2, new byte[8]), 0, 0x4f)))
                .isEqualTo(MALFORMED);
    }

    @Test
    void shouldRefuseTransportLengthsThatContradictThePacket() {
        int udpLength = 20 + UdpHeader.LENGTH_FIELD_OFFSET + 1;
        assertThat(wrap(edited(Packets.udp(V4, 1, V4_OTHER, 2, new byte[8]), udpLength, 7)))
                .isEqualTo(MALFORMED);
        assertThat(wrap(edited(Packets.udp(V4, 1, V4_OTHER, 2, new byte[8]), udpLength, 17)))
                .isEqualTo(MALFORMED);
        assertThat(wrap(edited(Packets.udp(V4, 1, V4_OTHER, 2, new byte[8]), udpLength, 15)))
                .isEqualTo(VALID);

        int dataOffset = 20 + TcpHeader.DATA_OFFSET_FIELD_OFFSET;
        byte[] tcp = Packets.tcp(V4, 1, V4_OTHER, 2, 0, new byte[4]);
        assertThat(wrap(edited(tcp, dataOffset, 4 << 4))).isEqualTo(MALFORMED);
        assertThat(wrap(edited(tcp, dataOffset, 6 << 4))).isEqualTo(VALID);
        assertThat(wrap(edited(tcp, dataOffset, 7 << 4))).isEqualTo(MALFORMED);
    }

    @Test
    void shouldRefuseIcmpOfTheOtherFamily() {
        assertThat(wrap(Packets.ip(V4, V4_OTHER, IpProtocol.ICMPV6, new byte[8])))
                .isEqualTo(MALFORMED);
        assertThat(wrap(Packets.ip(V6, V6_OTHER, IpProtocol.ICMP, new byte[8]))).isEqualTo(MALFORMED);
    }

    @Test
    void shouldPassOtherProtocols() {
        assertThat(wrap(Packets.ip(V4, V4_OTHER, 47, new byte[0]))).isEqualTo(VALID);
        assertThat(wrap(Packets.ip(V6, V6_OTHER, IpProtocol.NO_NEXT_HEADER, new byte[0])))
                .isEqualTo(VALID);
        assertThat(packet.sourcePort()).isZero();
        assertThat(packet.destinationPort()).isZero();
    }

    @Test
    void shouldTellIpv4FragmentsByOffsetOrMoreToCome() {
        byte[] whole = Packets.udp(V4, 1, V4_OTHER, 2, new byte[8]);

        assertThat(wrap(edited(whole, 6, 0x40))).isEqualTo(VALID);
        assertThat(wrap(edited(whole, 6, 0x20))).isEqualTo(FIRST_FRAGMENT);
        assertThat(packet.isFragment()).isTrue();
        assertThat(packet.isLaterFragment()).isFalse();
        assertThat(packet.destinationPort()).isEqualTo(2);
        assertThat(packet.destination()).hasToString(V4_OTHER);
        assertThat(wrap(edited(edited(whole, 6, 0), 7, 1))).isEqualTo(FRAGMENT);
        assertThat(wrap(edited(whole, 6, 0x10))).isEqualTo(FRAGMENT);
        assertThat(packet.isLaterFragment()).isTrue();
        assertThat(packet.fragmentOffset()).isEqualTo(0x1000 * 8);
        assertThat(wrap(edited(Arrays.copyOf(edited(whole, 3, 24), 24), 6, 0x20)))
                .as("without the whole transport header")
                .isEqualTo(MALFORMED);
        assertThat(wrap(whole)).isEqualTo(VALID);
        assertThat(packet.isFragment()).isFalse();
    }

    @Test
    void shouldTellIpv6FragmentsButForAtomicOnes() {
        byte[] whole = Packets.udp(V6, 1, V6_OTHER, 2, new byte[8]);

        assertThat(wrap(Packets.withExtension(whole, IpProtocol.FRAGMENT, hex("0000000100000001"))))
                .isEqualTo(FIRST_FRAGMENT);
        assertThat(packet.fragmentLength()).isEqualTo(16);
        assertThat(wrap(Packets.withExtension(whole, IpProtocol.FRAGMENT, hex("0000000800000001"))))
                .isEqualTo(FRAGMENT);
        assertThat(wrap(Packets.withExtension(whole, IpProtocol.FRAGMENT, hex("0000000000000001"))))
                .isEqualTo(VALID);
        assertThat(packet.destinationPort()).isEqualTo(2);
    }

    @Test
    void shouldFollowExtensionHeadersToTheTransport() {
        byte[] bytes = Packets.udp(V6, 1, V6_OTHER, 2, new byte[8]);
        bytes = Packets.withExtension(bytes, IpProtocol.DESTINATION_OPTIONS, hex("0001010c000000000000000000000000"));
        bytes = Packets.withExtension(
                bytes, IpProtocol.AUTHENTICATION, new byte[] {0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        bytes = Packets.withExtension(bytes, IpProtocol.ROUTING, hex("0000020000000000"));
        bytes = Packets.withExtension(bytes, IpProtocol.HOP_BY_HOP, hex("0000010400000000"));

        assertThat(wrap(bytes)).isEqualTo(VALID);
        assertThat(packet.headerLength()).isEqualTo(40 + 8 + 8 + 12 + 16);
        assertThat(packet.protocol()).isEqualTo(IpProtocol.UDP);
        assertThat(packet.destinationPort()).isEqualTo(2);
    }

    @Test
    void shouldFollowTheAuthenticationHeaderOfIpv4() {
        byte[] authenticated = new byte[12 + 16];
        authenticated[0] = IpProtocol.UDP;
        authenticated[1] = 1;
        authenticated[12 + 3] = 53;
        authenticated[12 + 5] = 16;

        assertThat(wrap(Packets.ip(V4, V4_OTHER, IpProtocol.AUTHENTICATION, authenticated)))
                .isEqualTo(VALID);
        assertThat(packet.headerLength()).isEqualTo(32);
        assertThat(packet.destinationPort()).isEqualTo(53);

        authenticated[1] = (byte) 255;
        assertThat(wrap(Packets.ip(V4, V4_OTHER, IpProtocol.AUTHENTICATION, authenticated)))
                .isEqualTo(MALFORMED);
    }

    @Test
    void shouldRefuseExtensionHeadersThatRunOutOfThePacket() {
        byte[] whole = Packets.udp(V6, 1, V6_OTHER, 2, new byte[8]);

        for (int protocol : new int[] {0, 43, 51, 60, 135, 139, 140}) {
            byte[] extension = new byte[8];
            extension[1] = (byte) 200;
            assertThat(wrap(Packets.withExtension(whole, protocol, extension)))
                    .as("next header %d", protocol)
                    .isEqualTo(MALFORMED);
        }
        assertThat(wrap(Packets.ip(V6, V6_OTHER, IpProtocol.HOP_BY_HOP, new byte[7])))
                .isEqualTo(MALFORMED);
        assertThat(wrap(Packets.ip(V6, V6_OTHER, IpProtocol.FRAGMENT, new byte[7])))
                .isEqualTo(MALFORMED);
    }

    @Test
    void shouldRefuseSourceRoutes() {
        byte[] ipv6 = Packets.udp(V6, 1, V6_OTHER, 2, new byte[8]);
        byte[] ipv4 = Packets.udp(V4, 1, V4_OTHER, 2, new byte[8]);

        assertThat(wrap(Packets.withExtension(ipv6, IpProtocol.ROUTING, hex("0000000100000000"))))
                .isEqualTo(SOURCE_ROUTED);
        assertThat(wrap(Packets.withOptions(ipv4, hex("8307040a00000100")))).isEqualTo(SOURCE_ROUTED);
        assertThat(wrap(Packets.withOptions(ipv4, hex("0189070408000001")))).isEqualTo(SOURCE_ROUTED);
    }

    @Test
    void shouldReadPastHarmlessOptions() {
        byte[] bytes = Packets.withOptions(Packets.udp(V4, 1, V4_OTHER, 2, new byte[8]), hex("0194040000008383"));

        assertThat(wrap(bytes)).isEqualTo(VALID);
        assertThat(packet.headerLength()).isEqualTo(28);
        assertThat(packet.destinationPort()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"94000000", "94010000", "94050000", "01010194"})
    void shouldRefuseOptionsThatRunOutOfTheHeader(String options) {
        byte[] bytes = Packets.withOptions(Packets.udp(V4, 1, V4_OTHER, 2, new byte[8]), hex(options));

        assertThat(wrap(bytes)).isEqualTo(MALFORMED);
    }

    @Test
    void shouldReadWhatAnErrorQuotes() {
        byte[] cause = Packets.tcp(V4_OTHER, 50000, V4, 443, TcpHeader.SYN, new byte[0]);
        wrap(Packets.icmp(V4, V4_OTHER, 3, 13, Arrays.copyOf(cause, 28)));
        IpPacket quoted = new IpPacket();

        assertThat(packet.embedded(quoted)).isEqualTo(VALID);
        assertThat(quoted.destination()).hasToString(V4);
        assertThat(quoted.sourcePort()).isEqualTo(50000);
        assertThat(quoted.destinationPort()).isEqualTo(443);
        assertThat(quoted.totalLength()).isEqualTo(28);
        assertThat(quoted.isTcpSyn()).as("flags are not quoted").isFalse();
    }

    @Test
    void shouldRefuseQuotesWithoutPorts() {
        byte[] cause = Packets.tcp(V6_OTHER, 50000, V6, 443, TcpHeader.SYN, new byte[0]);
        IpPacket quoted = new IpPacket();
        for (int length = 0; length < 44; length++) {
            wrap(Packets.icmp(V6, V6_OTHER, 1, 1, Arrays.copyOf(cause, length)));
            assertThat(packet.embedded(quoted)).as("%d bytes", length).isEqualTo(MALFORMED);
        }
        wrap(Packets.icmp(V6, V6_OTHER, 1, 1, Arrays.copyOf(cause, 44)));
        assertThat(packet.embedded(quoted)).isEqualTo(VALID);

        wrap(Packets.echoRequest(V6, V6_OTHER, cause));
        assertThat(packet.embedded(quoted)).as("no error").isEqualTo(MALFORMED);
    }

    @Test
    void shouldNeverThrowOnRandomBytes() {
        Random random = new Random(SEED);
        IpPacket quoted = new IpPacket();
        byte[][] samples = samples().toArray(byte[][]::new);
        for (int i = 0; i < 300_000; i++) {
            byte[] bytes = i % 2 == 0 ? new byte[random.nextInt(120)] : samples[random.nextInt(samples.length)].clone();
            if (i % 2 == 0) {
                random.nextBytes(bytes);
                if (bytes.length > 0) {
                    bytes[0] = (byte) (random.nextBoolean() ? 0x45 : 0x60);
                }
            }
            for (int edits = random.nextInt(4); edits > 0 && bytes.length > 0; edits--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            int length = bytes.length == 0 ? 0 : random.nextInt(8) == 0 ? random.nextInt(bytes.length) : bytes.length;
            try {
                if (packet.wrap(bytes, 0, length) == VALID) {
                    readEverything(packet, length);
                    if (packet.embedded(quoted) == VALID) {
                        readEverything(quoted, length);
                    }
                }
            } catch (RuntimeException e) {
                throw new AssertionError(
                        "seed %x step %d: %s".formatted(SEED, i, HexFormat.of().formatHex(bytes)), e);
            }
        }
    }

    @Test
    void shouldNameTheDropReasonOfEachDefect() {
        assertThat(MALFORMED.dropReason()).isEqualTo(DropReason.MALFORMED);
        assertThat(FRAGMENT.dropReason()).isEqualTo(DropReason.FRAGMENT);
        assertThat(SOURCE_ROUTED.dropReason()).isEqualTo(DropReason.SOURCE_ROUTED);
        assertThatIllegalStateException().isThrownBy(VALID::dropReason);
    }

    private static void readEverything(IpPacket packet, int length) {
        assertThat(packet.totalLength()).isLessThanOrEqualTo(length);
        assertThat(packet.headerLength()).isLessThanOrEqualTo(packet.totalLength());
        packet.source();
        packet.destination();
        packet.sourcePort();
        packet.destinationPort();
        packet.icmpType();
        packet.icmpCode();
        packet.isIcmpError();
        packet.isIcmpProhibited();
        packet.isEchoRequest();
        packet.isTcpSyn();
        packet.isToMulticast();
        ControlPacket.matches(packet);
        byte[] out = new byte[IcmpError.MAX_LENGTH];
        IcmpError.write(IcmpError.Cause.PROHIBITED, packet, out, 0);
        IcmpError.writeReversed(IcmpError.Cause.PROHIBITED, packet, out, 0);
    }

    private static List<byte[]> samples() {
        byte[] udp = Packets.udp(V6, 1, V6_OTHER, 2, new byte[8]);
        return List.of(
                udp,
                Packets.udp(V4, 1, V4_OTHER, 2, new byte[8]),
                Packets.tcp(V4, 1, V4_OTHER, 2, TcpHeader.ACK, new byte[8]),
                Packets.tcp(V6, 1, V6_OTHER, 2, TcpHeader.ACK, new byte[8]),
                Packets.echoReply(V4, V4_OTHER, new byte[8]),
                Packets.icmp(V4, V4_OTHER, 3, 13, Packets.udp(V4_OTHER, 2, V4, 1, new byte[8])),
                Packets.icmp(V6, V6_OTHER, 1, 1, Packets.udp(V6_OTHER, 2, V6, 1, new byte[8])),
                Packets.withOptions(Packets.udp(V4, 1, V4_OTHER, 2, new byte[8]), hex("94040000")),
                Packets.withExtension(udp, IpProtocol.FRAGMENT, hex("0000000000000001")),
                Packets.withExtension(
                        Packets.withExtension(udp, IpProtocol.DESTINATION_OPTIONS, hex("0000010400000000")),
                        IpProtocol.HOP_BY_HOP,
                        hex("0000010400000000")),
                ControlPacket.goodbye());
    }

    private IpPacket.Status wrap(byte[] bytes) {
        return packet.wrap(bytes, 0, bytes.length);
    }

    private static byte[] edited(byte[] bytes, int offset, int value) {
        byte[] copy = bytes.clone();
        copy[offset] = (byte) value;
        return copy;
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
