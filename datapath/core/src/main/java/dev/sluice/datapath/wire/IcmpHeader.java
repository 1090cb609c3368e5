package dev.sluice.datapath.wire;

/**
 * The first eight bytes of an ICMP (RFC 792) or ICMPv6 (RFC 4443 §2.1) message. Echo messages carry an identifier and
 * a sequence number in the last four, errors a value of their type. Nothing is checked: {@link IpPacket#wrap} does.
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *  0|     Type      |     Code      |           Checksum            |
 *   +---------------+---------------+-------------------------------+
 *  4|      Identifier (echo)        |    Sequence Number (echo)     |
 *   +-------------------------------+-------------------------------+
 *  8|        echo: data; errors: the packet that caused it         ...
 * </pre>
 */
public final class IcmpHeader {
    public static final int TYPE_FIELD_OFFSET = 0;
    public static final int CODE_FIELD_OFFSET = 1;
    public static final int CHECKSUM_FIELD_OFFSET = 2;
    public static final int REST_FIELD_OFFSET = 4;
    public static final int IDENTIFIER_FIELD_OFFSET = 4;
    public static final int SEQUENCE_NUMBER_FIELD_OFFSET = 6;

    public static final int LENGTH = 8;

    public static final int ECHO_REPLY = 0;
    public static final int DESTINATION_UNREACHABLE = 3;
    public static final int SOURCE_QUENCH = 4;
    public static final int REDIRECT = 5;
    public static final int ECHO_REQUEST = 8;
    public static final int TIME_EXCEEDED = 11;
    public static final int PARAMETER_PROBLEM = 12;

    public static final int V6_DESTINATION_UNREACHABLE = 1;
    public static final int V6_PACKET_TOO_BIG = 2;
    public static final int V6_TIME_EXCEEDED = 3;
    public static final int V6_PARAMETER_PROBLEM = 4;
    public static final int V6_ECHO_REQUEST = 128;
    public static final int V6_ECHO_REPLY = 129;

    /** "Communication administratively prohibited" of {@link #DESTINATION_UNREACHABLE} (RFC 1812 §5.2.7.1). */
    public static final int CODE_PROHIBITED = 13;

    /** "Communication with destination administratively prohibited" of {@link #V6_DESTINATION_UNREACHABLE}. */
    public static final int V6_CODE_PROHIBITED = 1;

    /** Types below are errors (RFC 4443 §2.1). */
    private static final int V6_FIRST_INFORMATIONAL = 128;

    private IcmpHeader() {}

    public static int type(byte[] buffer, int offset) {
        return NetworkOrder.unsignedByte(buffer, offset + TYPE_FIELD_OFFSET);
    }

    public static int code(byte[] buffer, int offset) {
        return NetworkOrder.unsignedByte(buffer, offset + CODE_FIELD_OFFSET);
    }

    public static int checksum(byte[] buffer, int offset) {
        return NetworkOrder.unsignedShort(buffer, offset + CHECKSUM_FIELD_OFFSET);
    }

    public static int identifier(byte[] buffer, int offset) {
        return NetworkOrder.unsignedShort(buffer, offset + IDENTIFIER_FIELD_OFFSET);
    }

    public static int sequenceNumber(byte[] buffer, int offset) {
        return NetworkOrder.unsignedShort(buffer, offset + SEQUENCE_NUMBER_FIELD_OFFSET);
    }

    /** Whether {@code type} is one of the messages that must not be answered by an error (RFC 1122 §3.2.2). */
    public static boolean isError(int version, int type) {
        if (version == 6) {
            return type < V6_FIRST_INFORMATIONAL;
        }
        return type == DESTINATION_UNREACHABLE
                || type == SOURCE_QUENCH
                || type == REDIRECT
                || type == TIME_EXCEEDED
                || type == PARAMETER_PROBLEM;
    }
}
