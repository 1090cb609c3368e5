package dev.sluice.datapath.wire;

/**
 * A sealed packet (WireGuard paper, §5.4.6). An empty packet is a keepalive.
 *
 * <pre>
 *    0 +---------------+-----------------------------------------------+
 *      |   Type = 4    |                 Reserved = 0                  |
 *    4 +---------------+-----------------------------------------------+
 *      |                   Receiver index (32 bits)                    |
 *    8 +---------------------------------------------------------------+
 *      |                      Counter (64 bits)                        |
 *   16 +---------------------------------------------------------------+
 *      |                 Encrypted packet (n + 16 bytes)               |
 *      +---------------------------------------------------------------+
 * </pre>
 */
public final class TransportData {
    public static final int TYPE = 4;
    public static final int RECEIVER_INDEX_FIELD_OFFSET = 4;
    public static final int COUNTER_FIELD_OFFSET = 8;
    public static final int ENCRYPTED_PACKET_FIELD_OFFSET = 16;

    /** Bytes that sealing adds to a packet: the header in front, the tag behind. A keepalive's length. */
    public static final int OVERHEAD = 32;

    /** The longest datagram that is sent and received here: room for a packet of {@link #LONGEST_PACKET} bytes. */
    public static final int LONGEST_DATAGRAM = 2048;

    /** The largest MTU of a tunnel. */
    public static final int LONGEST_PACKET = LONGEST_DATAGRAM - OVERHEAD;

    private TransportData() {}

    /** Writes the header: type, reserved bytes, receiver index and counter. */
    public static void header(byte[] buffer, int offset, int receiverIndex, long counter) {
        WireGuardMessage.INT.set(buffer, offset + WireGuardMessage.TYPE_FIELD_OFFSET, TYPE);
        WireGuardMessage.INT.set(buffer, offset + RECEIVER_INDEX_FIELD_OFFSET, receiverIndex);
        WireGuardMessage.LONG.set(buffer, offset + COUNTER_FIELD_OFFSET, counter);
    }

    /** The index that the receiver gave to its session. */
    public static int receiverIndex(byte[] buffer, int offset) {
        return (int) WireGuardMessage.INT.get(buffer, offset + RECEIVER_INDEX_FIELD_OFFSET);
    }

    /** The number of this message in its session: an unsigned 64-bit integer. */
    public static long counter(byte[] buffer, int offset) {
        return (long) WireGuardMessage.LONG.get(buffer, offset + COUNTER_FIELD_OFFSET);
    }
}
