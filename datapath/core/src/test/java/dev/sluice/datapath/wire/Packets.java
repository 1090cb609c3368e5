package dev.sluice.datapath.wire;

import java.util.Arrays;

/** Whole IP packets for tests, with correct lengths and checksums. */
public final class Packets {
    private Packets() {}

    public static byte[] udp(String source, int sourcePort, String destination, int destinationPort, byte[] payload) {
        byte[] message = new byte[UdpHeader.LENGTH + payload.length];
        UdpHeader.write(message, 0, sourcePort, destinationPort, message.length);
        System.arraycopy(payload, 0, message, UdpHeader.LENGTH, payload.length);
        byte[] packet = ip(source, destination, IpProtocol.UDP, message);
        int checksum = transportChecksum(packet, message.length, IpProtocol.UDP);
        NetworkOrder.putShort(
                packet,
                packet.length - message.length + UdpHeader.CHECKSUM_FIELD_OFFSET,
                checksum == 0 ? 0xffff : checksum);
        return packet;
    }

    public static byte[] tcp(
            String source, int sourcePort, String destination, int destinationPort, int flags, byte[] payload) {
        return tcp(source, sourcePort, destination, destinationPort, flags, 1, 2, payload);
    }

    public static byte[] tcp(
            String source,
            int sourcePort,
            String destination,
            int destinationPort,
            int flags,
            int sequence,
            int acknowledgment,
            byte[] payload) {
        byte[] message = new byte[TcpHeader.MIN_LENGTH + payload.length];
        NetworkOrder.putShort(message, TcpHeader.SOURCE_PORT_FIELD_OFFSET, sourcePort);
        NetworkOrder.putShort(message, TcpHeader.DESTINATION_PORT_FIELD_OFFSET, destinationPort);
        NetworkOrder.putInt(message, TcpHeader.SEQUENCE_NUMBER_FIELD_OFFSET, sequence);
        NetworkOrder.putInt(message, TcpHeader.ACKNOWLEDGMENT_NUMBER_FIELD_OFFSET, acknowledgment);
        NetworkOrder.putByte(message, TcpHeader.DATA_OFFSET_FIELD_OFFSET, 5 << 4);
        NetworkOrder.putByte(message, TcpHeader.FLAGS_FIELD_OFFSET, flags);
        System.arraycopy(payload, 0, message, TcpHeader.MIN_LENGTH, payload.length);
        byte[] packet = ip(source, destination, IpProtocol.TCP, message);
        NetworkOrder.putShort(
                packet,
                packet.length - message.length + TcpHeader.CHECKSUM_FIELD_OFFSET,
                transportChecksum(packet, message.length, IpProtocol.TCP));
        return packet;
    }

    /** An ICMP or, between IPv6 addresses, ICMPv6 message with identifier 7 and sequence number 1. */
    public static byte[] icmp(String source, String destination, int type, int code, byte[] payload) {
        byte[] message = new byte[IcmpHeader.LENGTH + payload.length];
        message[IcmpHeader.TYPE_FIELD_OFFSET] = (byte) type;
        message[IcmpHeader.CODE_FIELD_OFFSET] = (byte) code;
        NetworkOrder.putShort(message, IcmpHeader.IDENTIFIER_FIELD_OFFSET, 7);
        NetworkOrder.putShort(message, IcmpHeader.SEQUENCE_NUMBER_FIELD_OFFSET, 1);
        System.arraycopy(payload, 0, message, IcmpHeader.LENGTH, payload.length);
        boolean ipv4 = IpAddress.parse(source).isIpv4();
        byte[] packet = ip(source, destination, ipv4 ? IpProtocol.ICMP : IpProtocol.ICMPV6, message);
        int start = packet.length - message.length;
        NetworkOrder.putShort(
                packet,
                start + IcmpHeader.CHECKSUM_FIELD_OFFSET,
                ipv4
                        ? Checksum.of(packet, start, message.length)
                        : transportChecksum(packet, message.length, IpProtocol.ICMPV6));
        return packet;
    }

    public static byte[] echoRequest(String source, String destination, byte[] payload) {
        boolean ipv4 = IpAddress.parse(source).isIpv4();
        return icmp(source, destination, ipv4 ? IcmpHeader.ECHO_REQUEST : IcmpHeader.V6_ECHO_REQUEST, 0, payload);
    }

    public static byte[] echoReply(String source, String destination, byte[] payload) {
        boolean ipv4 = IpAddress.parse(source).isIpv4();
        return icmp(source, destination, ipv4 ? IcmpHeader.ECHO_REPLY : IcmpHeader.V6_ECHO_REPLY, 0, payload);
    }

    /** Any payload behind the plain IP header of the addresses' family. */
    public static byte[] ip(String source, String destination, int protocol, byte[] payload) {
        IpAddress from = IpAddress.parse(source);
        IpAddress to = IpAddress.parse(destination);
        if (from.isIpv4()) {
            byte[] packet = new byte[Ipv4Header.MIN_LENGTH + payload.length];
            Ipv4Header.write(packet, 0, packet.length, 64, protocol, (int) from.low(), (int) to.low());
            System.arraycopy(payload, 0, packet, Ipv4Header.MIN_LENGTH, payload.length);
            return packet;
        }
        byte[] packet = new byte[Ipv6Header.LENGTH + payload.length];
        Ipv6Header.write(packet, 0, payload.length, protocol, 64);
        from.write(packet, Ipv6Header.SOURCE_FIELD_OFFSET);
        to.write(packet, Ipv6Header.DESTINATION_FIELD_OFFSET);
        System.arraycopy(payload, 0, packet, Ipv6Header.LENGTH, payload.length);
        return packet;
    }

    /** The packet with bytes put between its IPv6 header and what follows, as the first extension header. */
    static byte[] withExtension(byte[] packet, int protocol, byte[] extension) {
        byte[] extended = Arrays.copyOf(packet, packet.length + extension.length);
        System.arraycopy(
                packet,
                Ipv6Header.LENGTH,
                extended,
                Ipv6Header.LENGTH + extension.length,
                packet.length - Ipv6Header.LENGTH);
        System.arraycopy(extension, 0, extended, Ipv6Header.LENGTH, extension.length);
        extended[Ipv6Header.LENGTH] = packet[Ipv6Header.NEXT_HEADER_FIELD_OFFSET];
        extended[Ipv6Header.NEXT_HEADER_FIELD_OFFSET] = (byte) protocol;
        NetworkOrder.putShort(extended, Ipv6Header.PAYLOAD_LENGTH_FIELD_OFFSET, extended.length - Ipv6Header.LENGTH);
        return extended;
    }

    /** The IPv4 packet with options, whose length is a multiple of 4. */
    static byte[] withOptions(byte[] packet, byte[] options) {
        byte[] extended = Arrays.copyOf(packet, packet.length + options.length);
        System.arraycopy(
                packet,
                Ipv4Header.MIN_LENGTH,
                extended,
                Ipv4Header.MIN_LENGTH + options.length,
                packet.length - Ipv4Header.MIN_LENGTH);
        System.arraycopy(options, 0, extended, Ipv4Header.MIN_LENGTH, options.length);
        extended[0] += (byte) (options.length / 4);
        NetworkOrder.putShort(extended, Ipv4Header.TOTAL_LENGTH_FIELD_OFFSET, extended.length);
        Ipv4Header.writeChecksum(extended, 0);
        return extended;
    }

    /** A packet, wrapped. */
    public static IpPacket wrapped(byte[] packet) {
        IpPacket view = new IpPacket();
        IpPacket.Status status = view.wrap(packet, 0, packet.length);
        if (status != IpPacket.Status.VALID) {
            throw new AssertionError("the test's packet is " + status);
        }
        return view;
    }

    private static int transportChecksum(byte[] packet, int messageLength, int protocol) {
        int version = packet[0] >>> 4;
        return Checksum.transport(
                version,
                protocol,
                packet,
                version == 4 ? Ipv4Header.SOURCE_FIELD_OFFSET : Ipv6Header.SOURCE_FIELD_OFFSET,
                packet.length - messageLength,
                messageLength);
    }
}
