package dev.sluice.datapath.wire;

/**
 * The UDP header (RFC 768). Lengths are in bytes. Nothing is checked: {@link IpPacket#wrap} does.
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *  0|          Source Port          |       Destination Port        |
 *   +-------------------------------+-------------------------------+
 *  4|            Length             |           Checksum            |
 *   +-------------------------------+-------------------------------+
 * </pre>
 */
public final class UdpHeader {
    public static final int SOURCE_PORT_FIELD_OFFSET = 0;
    public static final int DESTINATION_PORT_FIELD_OFFSET = 2;
    public static final int LENGTH_FIELD_OFFSET = 4;
    public static final int CHECKSUM_FIELD_OFFSET = 6;

    public static final int LENGTH = 8;

    private UdpHeader() {}

    public static int sourcePort(byte[] buffer, int offset) {
        return NetworkOrder.unsignedShort(buffer, offset + SOURCE_PORT_FIELD_OFFSET);
    }

    public static int destinationPort(byte[] buffer, int offset) {
        return NetworkOrder.unsignedShort(buffer, offset + DESTINATION_PORT_FIELD_OFFSET);
    }

    /** Of header and payload together. */
    public static int length(byte[] buffer, int offset) {
        return NetworkOrder.unsignedShort(buffer, offset + LENGTH_FIELD_OFFSET);
    }

    /** 0 means "not computed", which IPv4 allows. */
    public static int checksum(byte[] buffer, int offset) {
        return NetworkOrder.unsignedShort(buffer, offset + CHECKSUM_FIELD_OFFSET);
    }

    /**
     * Writes the header, without its checksum.
     *
     * @param length of header and payload together
     */
    public static void write(byte[] buffer, int offset, int sourcePort, int destinationPort, int length) {
        NetworkOrder.putShort(buffer, offset + SOURCE_PORT_FIELD_OFFSET, sourcePort);
        NetworkOrder.putShort(buffer, offset + DESTINATION_PORT_FIELD_OFFSET, destinationPort);
        NetworkOrder.putShort(buffer, offset + LENGTH_FIELD_OFFSET, length);
        NetworkOrder.putShort(buffer, offset + CHECKSUM_FIELD_OFFSET, 0);
    }
}
