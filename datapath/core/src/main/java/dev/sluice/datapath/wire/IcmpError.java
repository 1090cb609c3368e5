package dev.sluice.datapath.wire;

import static dev.sluice.datapath.wire.IcmpHeader.DESTINATION_UNREACHABLE;
import static dev.sluice.datapath.wire.IcmpHeader.V6_DESTINATION_UNREACHABLE;

/**
 * Builds the ICMP "destination unreachable" packets that answer what may not pass (RFC 792, RFC 1812 §4.3.2, RFC 4443
 * §3.1). Source is the destination of the packet at fault, TTL 20.
 *
 * <pre>
 *   | IP header | type | code | checksum | 0 0 0 0 | the packet at fault, as much as is quoted |
 * </pre>
 *
 * <p>Quoted are, in IPv4, the header and 8 bytes, and in IPv6 up to 1200 bytes, so that the answer fits the minimum
 * MTU. No error is answered by an error, nor is what came from or went to an address that is not one host's
 * (RFC 1122 §3.2.2).
 */
public final class IcmpError {
    /** Why, as a pair of type and code in each family. */
    public enum Cause {
        /** Not authorized, or outside the filters. A client asks for access again when it sees this one. */
        PROHIBITED(IcmpHeader.CODE_PROHIBITED, IcmpHeader.V6_CODE_PROHIBITED),
        /** No address of that family leads there. */
        NETWORK_UNREACHABLE(0, 3),
        /** Nobody can serve the resource now. */
        HOST_UNREACHABLE(1, 3);

        private final int ipv4Code;
        private final int ipv6Code;

        Cause(int ipv4Code, int ipv6Code) {
            this.ipv4Code = ipv4Code;
            this.ipv6Code = ipv6Code;
        }
    }

    /** The longest packet that is written. */
    public static final int MAX_LENGTH = 1280;

    private static final int TIME_TO_LIVE = 20;
    private static final int IPV4_QUOTED_PAYLOAD = 8;
    private static final int IPV6_QUOTED = 1200;
    private static final int IPV4_QUOTE_OFFSET = Ipv4Header.MIN_LENGTH + IcmpHeader.LENGTH;
    private static final int IPV6_QUOTE_OFFSET = Ipv6Header.LENGTH + IcmpHeader.LENGTH;
    private static final int LOOPBACK_NETWORK = 127;

    private IcmpError() {}

    /**
     * Writes the answer to {@code packet}.
     *
     * @param packet as wrapped, {@link IpPacket.Status#VALID}
     * @param out has room for {@link #MAX_LENGTH} bytes at {@code outOffset}, and is not the packet's own buffer
     * @return the length of the answer, 0 if the packet must not be answered
     */
    public static int write(Cause cause, IpPacket packet, byte[] out, int outOffset) {
        if (!mayBeAnswered(packet)) {
            return 0;
        }
        boolean ipv4 = packet.version() == 4;
        int quoteOffset = ipv4 ? IPV4_QUOTE_OFFSET : IPV6_QUOTE_OFFSET;
        int quoted = ipv4 ? quotedIpv4(packet) : Math.min(packet.totalLength(), IPV6_QUOTED);
        System.arraycopy(packet.buffer(), packet.offset(), out, outOffset + quoteOffset, quoted);
        return finish(cause, packet, packet.destinationOffset(), packet.sourceOffset(), quoted, out, outOffset);
    }

    /**
     * Writes, for a packet on its way <em>to</em> a client, the error that the client would get for its own packet of
     * the same flow: addresses and ports are swapped, TCP's sequence number is the one that the packet acknowledges,
     * and an echo reply becomes its request. It quotes headers only, nothing of what the packet carries.
     *
     * @param packet as wrapped, {@link IpPacket.Status#VALID}
     * @param out has room for {@link #MAX_LENGTH} bytes at {@code outOffset}, and is not the packet's own buffer
     * @return the length of the error, 0 if there is no such flow: not TCP with ACK, UDP or an echo reply
     */
    public static int writeReversed(Cause cause, IpPacket packet, byte[] out, int outOffset) {
        boolean inFlow = !packet.isFragment()
                && (packet.isUdp() || packet.isEchoReply() || (packet.tcpFlags() & TcpHeader.ACK) != 0);
        if (!inFlow || !mayBeAnswered(packet)) {
            return 0;
        }
        boolean ipv4 = packet.version() == 4;
        int quote = outOffset + (ipv4 ? IPV4_QUOTE_OFFSET : IPV6_QUOTE_OFFSET);
        byte[] in = packet.buffer();
        int transport;
        if (ipv4) {
            transport = quote + Ipv4Header.MIN_LENGTH;
            Ipv4Header.write(
                    out,
                    quote,
                    Ipv4Header.MIN_LENGTH + packet.transportLength(),
                    Ipv4Header.timeToLive(in, packet.offset()),
                    packet.protocol(),
                    Ipv4Header.destinationAddress(in, packet.offset()),
                    Ipv4Header.sourceAddress(in, packet.offset()));
        } else {
            transport = quote + Ipv6Header.LENGTH;
            int hopLimit = Ipv6Header.hopLimit(in, packet.offset());
            Ipv6Header.write(out, quote, packet.transportLength(), packet.protocol(), hopLimit);
            System.arraycopy(in, packet.destinationOffset(), out, quote + Ipv6Header.SOURCE_FIELD_OFFSET, 16);
            System.arraycopy(in, packet.sourceOffset(), out, quote + Ipv6Header.DESTINATION_FIELD_OFFSET, 16);
        }
        reverseTransport(packet, out, transport);
        int quoted = transport + IPV4_QUOTED_PAYLOAD - quote;
        return finish(cause, packet, packet.sourceOffset(), packet.destinationOffset(), quoted, out, outOffset);
    }

    /** Writes the first 8 bytes of what the packet answers. */
    private static void reverseTransport(IpPacket packet, byte[] out, int start) {
        byte[] in = packet.buffer();
        int transport = packet.transportOffset();
        System.arraycopy(in, transport, out, start, IPV4_QUOTED_PAYLOAD);
        if (packet.isIcmp()) {
            boolean ipv4 = packet.version() == 4;
            int request = ipv4 ? IcmpHeader.ECHO_REQUEST : IcmpHeader.V6_ECHO_REQUEST;
            int reply = ipv4 ? IcmpHeader.ECHO_REPLY : IcmpHeader.V6_ECHO_REPLY;
            int code = packet.icmpCode();
            NetworkOrder.putByte(out, start, request);
            NetworkOrder.putShort(
                    out,
                    start + IcmpHeader.CHECKSUM_FIELD_OFFSET,
                    Checksum.update(IcmpHeader.checksum(in, transport), reply << 8 | code, request << 8 | code));
            return;
        }
        NetworkOrder.putShort(out, start, packet.destinationPort());
        NetworkOrder.putShort(out, start + 2, packet.sourcePort());
        if (packet.isTcp()) {
            int acknowledged = TcpHeader.acknowledgmentNumber(in, transport);
            NetworkOrder.putInt(out, start + TcpHeader.SEQUENCE_NUMBER_FIELD_OFFSET, acknowledged);
        }
    }

    private static boolean mayBeAnswered(IpPacket packet) {
        return !packet.isIcmpError()
                && !packet.isLaterFragment()
                && !packet.isToMulticast()
                && isOneHost(packet.buffer(), packet.sourceOffset(), packet.version())
                && isOneHost(packet.buffer(), packet.destinationOffset(), packet.version());
    }

    /** Not unspecified, loopback, multicast or broadcast. */
    private static boolean isOneHost(byte[] buffer, int offset, int version) {
        int first = NetworkOrder.unsignedByte(buffer, offset);
        if (version == 4) {
            return first != 0 && first != LOOPBACK_NETWORK && first < 0xe0;
        }
        long high = NetworkOrder.getLong(buffer, offset);
        long low = NetworkOrder.getLong(buffer, offset + 8);
        boolean unspecifiedOrLoopback = high == 0 && low >>> 1 == 0;
        return first != 0xff && !unspecifiedOrLoopback;
    }

    private static int quotedIpv4(IpPacket packet) {
        int headerLength = Ipv4Header.headerLength(packet.buffer(), packet.offset());
        return Math.min(packet.totalLength(), headerLength + IPV4_QUOTED_PAYLOAD);
    }

    /** Puts the IP and ICMP headers before what is quoted, and returns the length of it all. */
    private static int finish(
            Cause cause,
            IpPacket packet,
            int sourceOffset,
            int destinationOffset,
            int quoted,
            byte[] out,
            int outOffset) {
        byte[] in = packet.buffer();
        int messageLength = IcmpHeader.LENGTH + quoted;
        if (packet.version() == 4) {
            int message = outOffset + Ipv4Header.MIN_LENGTH;
            Ipv4Header.write(
                    out,
                    outOffset,
                    Ipv4Header.MIN_LENGTH + messageLength,
                    TIME_TO_LIVE,
                    IpProtocol.ICMP,
                    NetworkOrder.getInt(in, sourceOffset),
                    NetworkOrder.getInt(in, destinationOffset));
            writeIcmp(out, message, DESTINATION_UNREACHABLE, cause.ipv4Code);
            int checksum = Checksum.of(out, message, messageLength);
            NetworkOrder.putShort(out, message + IcmpHeader.CHECKSUM_FIELD_OFFSET, checksum);
            return Ipv4Header.MIN_LENGTH + messageLength;
        }
        int message = outOffset + Ipv6Header.LENGTH;
        int source = outOffset + Ipv6Header.SOURCE_FIELD_OFFSET;
        Ipv6Header.write(out, outOffset, messageLength, IpProtocol.ICMPV6, TIME_TO_LIVE);
        System.arraycopy(in, sourceOffset, out, source, IpAddress.IPV6_LENGTH);
        System.arraycopy(
                in, destinationOffset, out, outOffset + Ipv6Header.DESTINATION_FIELD_OFFSET, IpAddress.IPV6_LENGTH);
        writeIcmp(out, message, V6_DESTINATION_UNREACHABLE, cause.ipv6Code);
        int checksum = Checksum.transport(6, IpProtocol.ICMPV6, out, source, message, messageLength);
        NetworkOrder.putShort(out, message + IcmpHeader.CHECKSUM_FIELD_OFFSET, checksum);
        return Ipv6Header.LENGTH + messageLength;
    }

    /** The eight bytes of the header, the checksum zero. */
    private static void writeIcmp(byte[] out, int offset, int type, int code) {
        NetworkOrder.putInt(out, offset, type << 24 | code << 16);
        NetworkOrder.putInt(out, offset + IcmpHeader.REST_FIELD_OFFSET, 0);
    }
}
