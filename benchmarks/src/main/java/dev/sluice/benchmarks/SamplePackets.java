package dev.sluice.benchmarks;

import dev.sluice.datapath.wire.Checksum;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpProtocol;
import dev.sluice.datapath.wire.Ipv4Header;
import dev.sluice.datapath.wire.Ipv6Header;
import dev.sluice.datapath.wire.NetworkOrder;
import dev.sluice.datapath.wire.TcpHeader;

/** IP packets as large as the tunnel carries. */
final class SamplePackets {
    static final int LENGTH = 1280;

    /** Of a full packet of IPv4 without options. */
    private static final int FULL_PAYLOAD = LENGTH - Ipv4Header.MIN_LENGTH - TcpHeader.MIN_LENGTH;

    static final int CLIENT_PORT = 50000;

    private SamplePackets() {}

    /** TCP data from {@link #CLIENT_PORT}. */
    static byte[] tcp(IpAddress source, IpAddress destination, int destinationPort) {
        return tcp(source, CLIENT_PORT, destination, destinationPort);
    }

    /** A super-packet with so much payload. */
    static byte[] tcp(IpAddress source, IpAddress destination, int destinationPort, int payload) {
        return tcp(source, CLIENT_PORT, destination, destinationPort, LENGTH - FULL_PAYLOAD + payload);
    }

    static byte[] tcp(IpAddress source, int sourcePort, IpAddress destination, int destinationPort) {
        return tcp(source, sourcePort, destination, destinationPort, LENGTH);
    }

    private static byte[] tcp(
            IpAddress source, int sourcePort, IpAddress destination, int destinationPort, int length) {
        byte[] packet = new byte[length];
        int transport = source.isIpv4() ? Ipv4Header.MIN_LENGTH : Ipv6Header.LENGTH;
        int addresses = source.isIpv4() ? Ipv4Header.SOURCE_FIELD_OFFSET : Ipv6Header.SOURCE_FIELD_OFFSET;
        if (source.isIpv4()) {
            Ipv4Header.write(packet, 0, length, 64, IpProtocol.TCP, (int) source.low(), (int) destination.low());
        } else {
            Ipv6Header.write(packet, 0, length - Ipv6Header.LENGTH, IpProtocol.TCP, 64);
            source.write(packet, addresses);
            destination.write(packet, addresses + IpAddress.IPV6_LENGTH);
        }
        NetworkOrder.putShort(packet, transport + TcpHeader.SOURCE_PORT_FIELD_OFFSET, sourcePort);
        NetworkOrder.putShort(packet, transport + TcpHeader.DESTINATION_PORT_FIELD_OFFSET, destinationPort);
        NetworkOrder.putByte(packet, transport + TcpHeader.DATA_OFFSET_FIELD_OFFSET, (TcpHeader.MIN_LENGTH / 4) << 4);
        NetworkOrder.putByte(packet, transport + TcpHeader.FLAGS_FIELD_OFFSET, TcpHeader.ACK);
        int checksum =
                Checksum.transport(source.version(), IpProtocol.TCP, packet, addresses, transport, length - transport);
        NetworkOrder.putShort(packet, transport + TcpHeader.CHECKSUM_FIELD_OFFSET, checksum);
        return packet;
    }
}
