package dev.sluice.datapath.wire;

/**
 * The fixed IPv6 header (RFC 8200 §3). Lengths are in bytes. Nothing is checked: {@link IpPacket#wrap} does.
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------+---------------+---------------------------------------+
 *  0|Version| Traffic Class |              Flow Label               |
 *   +-------+---------------+-------+---------------+---------------+
 *  4|        Payload Length         |  Next Header  |   Hop Limit   |
 *   +-------------------------------+---------------+---------------+
 *  8|                                                               |
 *   +                                                               +
 * 12|                                                               |
 *   +                        Source Address                         +
 * 16|                                                               |
 *   +                                                               +
 * 20|                                                               |
 *   +---------------------------------------------------------------+
 * 24|                                                               |
 *   +                                                               +
 * 28|                                                               |
 *   +                      Destination Address                      +
 * 32|                                                               |
 *   +                                                               +
 * 36|                                                               |
 *   +---------------------------------------------------------------+
 * </pre>
 */
public final class Ipv6Header {
    public static final int VERSION_FIELD_OFFSET = 0;
    public static final int PAYLOAD_LENGTH_FIELD_OFFSET = 4;
    public static final int NEXT_HEADER_FIELD_OFFSET = 6;
    public static final int HOP_LIMIT_FIELD_OFFSET = 7;
    public static final int SOURCE_FIELD_OFFSET = 8;
    public static final int DESTINATION_FIELD_OFFSET = 24;

    public static final int LENGTH = 40;

    private Ipv6Header() {}

    public static int version(byte[] buffer, int offset) {
        return NetworkOrder.unsignedByte(buffer, offset) >>> 4;
    }

    /** What follows the fixed header, extension headers included. */
    public static int payloadLength(byte[] buffer, int offset) {
        return NetworkOrder.unsignedShort(buffer, offset + PAYLOAD_LENGTH_FIELD_OFFSET);
    }

    public static int nextHeader(byte[] buffer, int offset) {
        return NetworkOrder.unsignedByte(buffer, offset + NEXT_HEADER_FIELD_OFFSET);
    }

    public static int hopLimit(byte[] buffer, int offset) {
        return NetworkOrder.unsignedByte(buffer, offset + HOP_LIMIT_FIELD_OFFSET);
    }

    public static IpAddress sourceAddress(byte[] buffer, int offset) {
        return IpAddress.read(buffer, offset + SOURCE_FIELD_OFFSET, 6);
    }

    public static IpAddress destinationAddress(byte[] buffer, int offset) {
        return IpAddress.read(buffer, offset + DESTINATION_FIELD_OFFSET, 6);
    }

    /** Writes all but the addresses: no traffic class, no flow label. */
    public static void write(byte[] buffer, int offset, int payloadLength, int nextHeader, int hopLimit) {
        NetworkOrder.putInt(buffer, offset + VERSION_FIELD_OFFSET, 6 << 28);
        NetworkOrder.putShort(buffer, offset + PAYLOAD_LENGTH_FIELD_OFFSET, payloadLength);
        NetworkOrder.putByte(buffer, offset + NEXT_HEADER_FIELD_OFFSET, nextHeader);
        NetworkOrder.putByte(buffer, offset + HOP_LIMIT_FIELD_OFFSET, hopLimit);
    }
}
