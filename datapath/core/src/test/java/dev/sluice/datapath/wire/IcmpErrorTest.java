package dev.sluice.datapath.wire;

import static dev.sluice.datapath.wire.IcmpError.Cause.HOST_UNREACHABLE;
import static dev.sluice.datapath.wire.IcmpError.Cause.NETWORK_UNREACHABLE;
import static dev.sluice.datapath.wire.IcmpError.Cause.PROHIBITED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IcmpErrorTest {
    private static final String CLIENT_V4 = "100.64.0.1";
    private static final String RESOURCE_V4 = "172.20.0.100";
    private static final String CLIENT_V6 = "fd00:2021:1111::1";
    private static final String RESOURCE_V6 = "172:20::100";

    @ParameterizedTest
    @CsvSource({"PROHIBITED, 3, 13, 1, 1", "NETWORK_UNREACHABLE, 3, 0, 1, 3", "HOST_UNREACHABLE, 3, 1, 1, 3"})
    void shouldSayWhyInBothFamilies(IcmpError.Cause cause, int v4Type, int v4Code, int v6Type, int v6Code) {
        IpPacket ipv4 = answer(cause, Packets.udp(CLIENT_V4, 1, RESOURCE_V4, 2, new byte[50]));
        IpPacket ipv6 = answer(cause, Packets.udp(CLIENT_V6, 1, RESOURCE_V6, 2, new byte[50]));

        assertThat(ipv4.icmpType()).isEqualTo(v4Type);
        assertThat(ipv4.icmpCode()).isEqualTo(v4Code);
        assertThat(ipv6.icmpType()).isEqualTo(v6Type);
        assertThat(ipv6.icmpCode()).isEqualTo(v6Code);
    }

    @Test
    void shouldComeFromWhereThePacketWent() {
        IpPacket ipv4 = answer(PROHIBITED, Packets.udp(CLIENT_V4, 1, RESOURCE_V4, 2, new byte[0]));
        IpPacket ipv6 = answer(PROHIBITED, Packets.udp(CLIENT_V6, 1, RESOURCE_V6, 2, new byte[0]));

        assertThat(ipv4.source()).hasToString(RESOURCE_V4);
        assertThat(ipv4.destination()).hasToString(CLIENT_V4);
        assertThat(Ipv4Header.timeToLive(ipv4.buffer(), ipv4.offset())).isEqualTo(20);
        assertThat(ipv6.source()).hasToString(RESOURCE_V6);
        assertThat(ipv6.destination()).hasToString(CLIENT_V6);
        assertThat(Ipv6Header.hopLimit(ipv6.buffer(), ipv6.offset())).isEqualTo(20);
    }

    @Test
    void shouldQuoteHeaderAndEightBytesInIpv4() {
        byte[] cause = Packets.tcp(CLIENT_V4, 50000, RESOURCE_V4, 443, TcpHeader.SYN, new byte[1200]);
        byte[] withOptions = Packets.withOptions(cause, HexFormat.of().parseHex("94040000"));

        assertThat(quote(answer(PROHIBITED, cause))).isEqualTo(Arrays.copyOf(cause, 28));
        assertThat(quote(answer(PROHIBITED, withOptions))).isEqualTo(Arrays.copyOf(withOptions, 32));
    }

    @Test
    void shouldQuoteNoMoreThanThereIs() {
        byte[] cause = Packets.ip(CLIENT_V4, RESOURCE_V4, 47, new byte[3]);

        assertThat(quote(answer(PROHIBITED, cause))).isEqualTo(cause);
    }

    @Test
    void shouldQuoteUpTo1200BytesInIpv6() {
        byte[] small = Packets.udp(CLIENT_V6, 1, RESOURCE_V6, 2, new byte[100]);
        byte[] large = Packets.udp(CLIENT_V6, 1, RESOURCE_V6, 2, new byte[1232]);

        assertThat(quote(answer(PROHIBITED, small))).isEqualTo(small);
        assertThat(quote(answer(PROHIBITED, large))).isEqualTo(Arrays.copyOf(large, 1200));
        assertThat(answer(PROHIBITED, large).totalLength()).isLessThanOrEqualTo(IcmpError.MAX_LENGTH);
    }

    @Test
    void shouldCarryCorrectChecksums() {
        byte[] odd = Packets.udp(CLIENT_V6, 1, RESOURCE_V6, 2, new byte[101]);
        assertChecksums(answer(PROHIBITED, Packets.udp(CLIENT_V4, 1, RESOURCE_V4, 2, new byte[0])));
        assertChecksums(answer(HOST_UNREACHABLE, odd));
        assertChecksums(reversed(Packets.echoReply(RESOURCE_V4, CLIENT_V4, new byte[3])));
        assertChecksums(reversed(Packets.echoReply(RESOURCE_V6, CLIENT_V6, new byte[3])));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 11, 12})
    void shouldNeverAnswerAnIpv4Error(int type) {
        byte[] error = Packets.icmp(CLIENT_V4, RESOURCE_V4, type, 1, new byte[28]);

        assertThat(write(NETWORK_UNREACHABLE, error)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 127})
    void shouldNeverAnswerAnIpv6Error(int type) {
        assertThat(write(PROHIBITED, Packets.icmp(CLIENT_V6, RESOURCE_V6, type, 0, new byte[48])))
                .isZero();
    }

    @Test
    void shouldNotAnswerItsOwnAnswer() {
        IpPacket answer = answer(PROHIBITED, Packets.udp(CLIENT_V4, 1, RESOURCE_V4, 2, new byte[0]));

        assertThat(IcmpError.write(PROHIBITED, answer, new byte[IcmpError.MAX_LENGTH], 0))
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "100.64.0.1, 224.0.0.1",
        "100.64.0.1, 255.255.255.255",
        "0.0.0.0, 172.20.0.100",
        "127.0.0.1, 172.20.0.100",
        "224.0.0.1, 172.20.0.100",
        "fd00::1, ff02::1",
        "::, 172:20::100",
        "::1, 172:20::100",
        "ff02::1, 172:20::100"
    })
    void shouldNotAnswerWhatIsNotBetweenTwoHosts(String source, String destination) {
        assertThat(write(PROHIBITED, Packets.udp(source, 1, destination, 2, new byte[0])))
                .isZero();
    }

    @Test
    void shouldAnswerEchoRequests() {
        assertThat(write(PROHIBITED, Packets.echoRequest(CLIENT_V4, RESOURCE_V4, new byte[8])))
                .isEqualTo(56);
    }

    @ParameterizedTest
    @CsvSource({CLIENT_V4 + "," + RESOURCE_V4, CLIENT_V6 + "," + RESOURCE_V6})
    void shouldTurnADownloadAroundToWhatTheClientSent(String client, String resource) {
        byte[] download = Packets.tcp(resource, 443, client, 50000, TcpHeader.ACK, 1000, 77, secret());

        IpPacket error = reversed(download);
        IpPacket quoted = new IpPacket();

        assertThat(error.source()).hasToString(resource);
        assertThat(error.destination()).hasToString(client);
        assertThat(error.isIcmpProhibited()).isTrue();
        assertThat(error.embedded(quoted)).isEqualTo(IpPacket.Status.VALID);
        assertThat(quoted.source()).hasToString(client);
        assertThat(quoted.destination()).hasToString(resource);
        assertThat(quoted.sourcePort()).isEqualTo(50000);
        assertThat(quoted.destinationPort()).isEqualTo(443);
        assertThat(TcpHeader.sequenceNumber(quoted.buffer(), quoted.transportOffset()))
                .as("what the client sent next")
                .isEqualTo(77);
    }

    @ParameterizedTest
    @CsvSource({CLIENT_V4 + "," + RESOURCE_V4 + ",56", CLIENT_V6 + "," + RESOURCE_V6 + ",96"})
    void shouldNotGiveTheClientWhatTheResourceSends(String client, String resource, int length) {
        byte[] download = Packets.udp(resource, 53, client, 50000, secret());

        IpPacket error = reversed(download);

        assertThat(error.totalLength()).isEqualTo(length);
        assertThat(error.transportLength() - IcmpHeader.LENGTH)
                .as("headers only")
                .isEqualTo(error.headerLength() + UdpHeader.LENGTH);
    }

    @ParameterizedTest
    @CsvSource({CLIENT_V4 + "," + RESOURCE_V4, CLIENT_V6 + "," + RESOURCE_V6})
    void shouldTurnAnEchoReplyIntoItsRequest(String client, String resource) {
        byte[] request = Packets.echoRequest(client, resource, new byte[] {1, 2, 3, 4});
        byte[] reply = Packets.echoReply(resource, client, new byte[] {1, 2, 3, 4});
        IpPacket quoted = new IpPacket();

        reversed(reply).embedded(quoted);

        assertThat(quoted.isEchoRequest()).isTrue();
        int start = quoted.transportOffset();
        assertThat(Arrays.copyOfRange(quoted.buffer(), start, start + 8))
                .isEqualTo(Arrays.copyOfRange(request, request.length - 12, request.length - 4));
    }

    @Test
    void shouldNotTurnAroundWhatTheClientDidNotBegin() {
        byte[] out = new byte[IcmpError.MAX_LENGTH];
        for (byte[] packet : new byte[][] {
            Packets.tcp(RESOURCE_V4, 1, CLIENT_V4, 2, TcpHeader.SYN, new byte[0]),
            Packets.echoRequest(RESOURCE_V4, CLIENT_V4, new byte[8]),
            Packets.icmp(RESOURCE_V4, CLIENT_V4, 3, 1, new byte[28]),
            Packets.ip(RESOURCE_V4, CLIENT_V4, 47, new byte[8])
        }) {
            assertThat(IcmpError.writeReversed(PROHIBITED, Packets.wrapped(packet), out, 0))
                    .isZero();
        }
    }

    private static void assertChecksums(IpPacket packet) {
        byte[] buffer = packet.buffer();
        int start = packet.transportOffset();
        if (packet.version() == 4) {
            assertThat(Checksum.of(buffer, packet.offset(), packet.headerLength()))
                    .isZero();
            assertThat(Checksum.of(buffer, start, packet.transportLength())).isZero();
        } else {
            assertThat(Checksum.transport(
                            6, IpProtocol.ICMPV6, buffer, packet.sourceOffset(), start, packet.transportLength()))
                    .isZero();
        }
    }

    private static byte[] quote(IpPacket error) {
        return Arrays.copyOfRange(
                error.buffer(), error.transportOffset() + IcmpHeader.LENGTH, error.offset() + error.totalLength());
    }

    private static IpPacket answer(IcmpError.Cause cause, byte[] packet) {
        byte[] out = new byte[IcmpError.MAX_LENGTH + 5];
        int length = IcmpError.write(cause, Packets.wrapped(packet), out, 5);
        return Packets.wrapped(Arrays.copyOfRange(out, 5, 5 + length));
    }

    private static IpPacket reversed(byte[] packet) {
        byte[] out = new byte[IcmpError.MAX_LENGTH + 5];
        int length = IcmpError.writeReversed(PROHIBITED, Packets.wrapped(packet), out, 5);
        return Packets.wrapped(Arrays.copyOfRange(out, 5, 5 + length));
    }

    private static int write(IcmpError.Cause cause, byte[] packet) {
        return IcmpError.write(cause, Packets.wrapped(packet), new byte[IcmpError.MAX_LENGTH], 0);
    }

    private static byte[] secret() {
        byte[] payload = new byte[600];
        Arrays.fill(payload, (byte) 's');
        return payload;
    }
}
