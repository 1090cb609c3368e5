package dev.sluice.datapath.wire;

/**
 * The checksums of TCP and UDP where they stand in a packet: made, left to be made, and looked at. What is left to be
 * made holds the sum of the pseudo-header alone, not complemented, as hosts that offload checksums have it.
 */
public final class TransportChecksum {
    private TransportChecksum() {}

    /**
     * Computes the checksum of a message and writes it.
     *
     * @param version 4 or 6
     * @param protocol TCP or UDP
     * @param addressesOffset of the source address, which the destination follows
     * @param messageOffset of the transport's header
     * @param messageLength header and payload
     */
    public static void write(
            int version, int protocol, byte[] buffer, int addressesOffset, int messageOffset, int messageLength) {
        int field = messageOffset + fieldOffset(protocol);
        NetworkOrder.putShort(buffer, field, 0);
        int checksum = Checksum.transport(version, protocol, buffer, addressesOffset, messageOffset, messageLength);
        boolean wouldMeanNone = protocol == IpProtocol.UDP && checksum == 0;
        NetworkOrder.putShort(buffer, field, wouldMeanNone ? 0xffff : checksum);
    }

    /** Writes what stands in the field while the checksum is left to be made; parameters as of {@link #write}. */
    public static void writePartial(
            int version, int protocol, byte[] buffer, int addressesOffset, int messageOffset, int messageLength) {
        int pseudoHeader =
                Checksum.finish(Checksum.pseudoHeader(version, protocol, buffer, addressesOffset, messageLength));
        NetworkOrder.putShort(buffer, messageOffset + fieldOffset(protocol), ~pseudoHeader & 0xffff);
    }

    /** Whether a TCP or UDP packet has a checksum, and the right one. */
    public static boolean isRight(IpPacket packet) {
        byte[] buffer = packet.buffer();
        int transport = packet.transportOffset();
        boolean none = packet.isUdp() && UdpHeader.checksum(buffer, transport) == 0;
        return !none
                && Checksum.transport(
                                packet.version(),
                                packet.protocol(),
                                buffer,
                                packet.sourceOffset(),
                                transport,
                                packet.transportLength())
                        == 0;
    }

    /** Where the checksum stands in the transport's header. */
    public static int fieldOffset(int protocol) {
        return protocol == IpProtocol.TCP ? TcpHeader.CHECKSUM_FIELD_OFFSET : UdpHeader.CHECKSUM_FIELD_OFFSET;
    }
}
