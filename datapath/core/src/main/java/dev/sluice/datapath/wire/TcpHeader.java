package dev.sluice.datapath.wire;

/**
 * The TCP header (RFC 9293 §3.1). Lengths are in bytes. Nothing is checked: {@link IpPacket#wrap} does.
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *  0|          Source Port          |       Destination Port        |
 *   +-------------------------------+-------------------------------+
 *  4|                        Sequence Number                        |
 *   +---------------------------------------------------------------+
 *  8|                    Acknowledgment Number                      |
 *   +-------+-------+---------------+-------------------------------+
 * 12| Offset| Rsrvd |     Flags     |            Window             |
 *   +-------+-------+---------------+-------------------------------+
 * 16|           Checksum            |         Urgent Pointer        |
 *   +-------------------------------+-------------------------------+
 * 20|                       Options, 0 to 40                       ...
 * </pre>
 */
public final class TcpHeader {
    public static final int SOURCE_PORT_FIELD_OFFSET = 0;
    public static final int DESTINATION_PORT_FIELD_OFFSET = 2;
    public static final int SEQUENCE_NUMBER_FIELD_OFFSET = 4;
    public static final int ACKNOWLEDGMENT_NUMBER_FIELD_OFFSET = 8;
    public static final int DATA_OFFSET_FIELD_OFFSET = 12;
    public static final int FLAGS_FIELD_OFFSET = 13;
    public static final int WINDOW_FIELD_OFFSET = 14;
    public static final int CHECKSUM_FIELD_OFFSET = 16;
    public static final int URGENT_POINTER_FIELD_OFFSET = 18;

    /** The header without options. */
    public static final int MIN_LENGTH = 20;

    public static final int FIN = 0x01;
    public static final int SYN = 0x02;
    public static final int RST = 0x04;
    public static final int PSH = 0x08;
    public static final int ACK = 0x10;

    /** ECN-echo (RFC 3168 §6.1). */
    public static final int ECE = 0x40;

    /** Congestion window reduced (RFC 3168 §6.1). */
    public static final int CWR = 0x80;

    private TcpHeader() {}

    public static int sourcePort(byte[] buffer, int offset) {
        return NetworkOrder.unsignedShort(buffer, offset + SOURCE_PORT_FIELD_OFFSET);
    }

    public static int destinationPort(byte[] buffer, int offset) {
        return NetworkOrder.unsignedShort(buffer, offset + DESTINATION_PORT_FIELD_OFFSET);
    }

    public static int sequenceNumber(byte[] buffer, int offset) {
        return NetworkOrder.getInt(buffer, offset + SEQUENCE_NUMBER_FIELD_OFFSET);
    }

    public static int acknowledgmentNumber(byte[] buffer, int offset) {
        return NetworkOrder.getInt(buffer, offset + ACKNOWLEDGMENT_NUMBER_FIELD_OFFSET);
    }

    /** With options: 20 to 60 in a valid header, a multiple of 4. */
    public static int headerLength(byte[] buffer, int offset) {
        return NetworkOrder.unsignedByte(buffer, offset + DATA_OFFSET_FIELD_OFFSET) >>> 4 << 2;
    }

    public static int flags(byte[] buffer, int offset) {
        return NetworkOrder.unsignedByte(buffer, offset + FLAGS_FIELD_OFFSET);
    }

    public static int checksum(byte[] buffer, int offset) {
        return NetworkOrder.unsignedShort(buffer, offset + CHECKSUM_FIELD_OFFSET);
    }
}
