package dev.sluice.datapath.wire;

/**
 * The IPv4 header (RFC 791 §3.1). Lengths are in bytes. Nothing is checked: {@link IpPacket#wrap} does.
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------+-------+---------------+-------------------------------+
 *  0|Version|  IHL  |Type of Service|          Total Length         |
 *   +-------+-------+---------------+-----+-------------------------+
 *  4|         Identification        |Flags|     Fragment Offset     |
 *   +---------------+---------------+-----+-------------------------+
 *  8|  Time to Live |    Protocol   |        Header Checksum        |
 *   +---------------+---------------+-------------------------------+
 * 12|                        Source Address                         |
 *   +---------------------------------------------------------------+
 * 16|                      Destination Address                      |
 *   +---------------------------------------------------------------+
 * 20|                       Options, 0 to 40                       ...
 * </pre>
 */
public final class Ipv4Header {
    public static final int VERSION_AND_LENGTH_FIELD_OFFSET = 0;
    public static final int TYPE_OF_SERVICE_FIELD_OFFSET = 1;
    public static final int TOTAL_LENGTH_FIELD_OFFSET = 2;
    public static final int IDENTIFICATION_FIELD_OFFSET = 4;
    public static final int FRAGMENT_FIELD_OFFSET = 6;
    public static final int TIME_TO_LIVE_FIELD_OFFSET = 8;
    public static final int PROTOCOL_FIELD_OFFSET = 9;
    public static final int CHECKSUM_FIELD_OFFSET = 10;
    public static final int SOURCE_FIELD_OFFSET = 12;
    public static final int DESTINATION_FIELD_OFFSET = 16;

    /** The header without options. */
    public static final int MIN_LENGTH = 20;

    private static final int MORE_FRAGMENTS = 0x2000;
    private static final int DONT_FRAGMENT = 0x4000;
    private static final int FRAGMENT_OFFSET_MASK = 0x1fff;

    private Ipv4Header() {}

    public static int version(byte[] buffer, int offset) {
        return NetworkOrder.unsignedByte(buffer, offset) >>> 4;
    }

    /** With options: 20 to 60 in a valid header, a multiple of 4. */
    public static int headerLength(byte[] buffer, int offset) {
        return (buffer[offset] & 0xf) << 2;
    }

    public static int totalLength(byte[] buffer, int offset) {
        return NetworkOrder.unsignedShort(buffer, offset + TOTAL_LENGTH_FIELD_OFFSET);
    }

    public static int identification(byte[] buffer, int offset) {
        return NetworkOrder.unsignedShort(buffer, offset + IDENTIFICATION_FIELD_OFFSET);
    }

    /** Where a part of a larger packet begins in it, in bytes. */
    public static int fragmentOffset(byte[] buffer, int offset) {
        return (NetworkOrder.unsignedShort(buffer, offset + FRAGMENT_FIELD_OFFSET) & FRAGMENT_OFFSET_MASK) * 8;
    }

    /** Whether this is a part of a larger packet: more follow, or it is not the first. */
    public static boolean isFragment(byte[] buffer, int offset) {
        return (NetworkOrder.unsignedShort(buffer, offset + FRAGMENT_FIELD_OFFSET)
                        & (MORE_FRAGMENTS | FRAGMENT_OFFSET_MASK))
                != 0;
    }

    public static int timeToLive(byte[] buffer, int offset) {
        return NetworkOrder.unsignedByte(buffer, offset + TIME_TO_LIVE_FIELD_OFFSET);
    }

    public static int protocol(byte[] buffer, int offset) {
        return NetworkOrder.unsignedByte(buffer, offset + PROTOCOL_FIELD_OFFSET);
    }

    public static int checksum(byte[] buffer, int offset) {
        return NetworkOrder.unsignedShort(buffer, offset + CHECKSUM_FIELD_OFFSET);
    }

    public static int sourceAddress(byte[] buffer, int offset) {
        return NetworkOrder.getInt(buffer, offset + SOURCE_FIELD_OFFSET);
    }

    public static int destinationAddress(byte[] buffer, int offset) {
        return NetworkOrder.getInt(buffer, offset + DESTINATION_FIELD_OFFSET);
    }

    /**
     * Writes a header of {@link #MIN_LENGTH} bytes, "don't fragment" set and its checksum filled in.
     *
     * @param totalLength of the packet, with this header
     */
    public static void write(
            byte[] buffer, int offset, int totalLength, int timeToLive, int protocol, int source, int destination) {
        NetworkOrder.putShort(buffer, offset + VERSION_AND_LENGTH_FIELD_OFFSET, 0x4500);
        NetworkOrder.putShort(buffer, offset + TOTAL_LENGTH_FIELD_OFFSET, totalLength);
        NetworkOrder.putShort(buffer, offset + IDENTIFICATION_FIELD_OFFSET, 0);
        NetworkOrder.putShort(buffer, offset + FRAGMENT_FIELD_OFFSET, DONT_FRAGMENT);
        NetworkOrder.putByte(buffer, offset + TIME_TO_LIVE_FIELD_OFFSET, timeToLive);
        NetworkOrder.putByte(buffer, offset + PROTOCOL_FIELD_OFFSET, protocol);
        NetworkOrder.putInt(buffer, offset + SOURCE_FIELD_OFFSET, source);
        NetworkOrder.putInt(buffer, offset + DESTINATION_FIELD_OFFSET, destination);
        writeChecksum(buffer, offset);
    }

    /** Computes the checksum over the whole header, options included, and writes it. */
    public static void writeChecksum(byte[] buffer, int offset) {
        NetworkOrder.putShort(buffer, offset + CHECKSUM_FIELD_OFFSET, 0);
        NetworkOrder.putShort(
                buffer, offset + CHECKSUM_FIELD_OFFSET, Checksum.of(buffer, offset, headerLength(buffer, offset)));
    }
}
