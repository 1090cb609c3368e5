package dev.sluice.datapath.wire;

import java.util.Arrays;

/**
 * A message from one end of a connection to the other, carried in the tunnel as an IPv6 packet from {@code ::} to
 * {@code ::} with next header 255 and hop limit 0. Unreliable; every event is idempotent; unknown events are ignored.
 *
 * <pre>
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------------------------------------------------------+
 *  0|                     IPv6 header, 40 bytes                    ...
 *   +---------------+-----------------------------------------------+
 * 40|     Event     |                                               |
 *   +---------------+                   zero                        +
 * 44|                                                               |
 *   +---------------------------------------------------------------+
 * 48|                     payload: UTF-8 JSON, or none             ...
 * </pre>
 */
public final class ControlPacket {
    /** The sender leaves: the receiver forgets the connection. Has no payload. */
    public static final int GOODBYE = 2;

    public static final int NEXT_HEADER = 255;
    public static final int EVENT_FIELD_OFFSET = Ipv6Header.LENGTH;
    public static final int PAYLOAD_FIELD_OFFSET = Ipv6Header.LENGTH + 8;

    private static final int HOP_LIMIT = 0;
    private static final byte[] GOODBYE_PACKET = packet(GOODBYE, new byte[0]);

    private ControlPacket() {}

    /** Whether this is a control packet with at least its own header: only such have an event. */
    public static boolean matches(IpPacket packet) {
        return packet.version() == 6
                && packet.protocol() == NEXT_HEADER
                && packet.headerLength() == Ipv6Header.LENGTH
                && packet.totalLength() >= PAYLOAD_FIELD_OFFSET
                && isZero(packet.buffer(), packet.sourceOffset(), 2 * IpAddress.IPV6_LENGTH);
    }

    /** What a packet that {@link #matches} says: {@link #GOODBYE}, or a number that may be unknown. */
    public static int event(IpPacket packet) {
        return NetworkOrder.unsignedByte(packet.buffer(), packet.offset() + EVENT_FIELD_OFFSET);
    }

    /** A copy of the payload of a packet that {@link #matches}. */
    public static byte[] payload(IpPacket packet) {
        int start = packet.offset() + PAYLOAD_FIELD_OFFSET;
        return Arrays.copyOfRange(packet.buffer(), start, packet.offset() + packet.totalLength());
    }

    /** A whole IP packet that says {@link #GOODBYE}. */
    public static byte[] goodbye() {
        return GOODBYE_PACKET.clone();
    }

    /**
     * A whole IP packet with {@code event}, 0 to 255, and {@code payload}.
     *
     * @throws IllegalArgumentException if the payload is longer than a packet can be
     */
    public static byte[] packet(int event, byte[] payload) {
        int payloadLength = PAYLOAD_FIELD_OFFSET - Ipv6Header.LENGTH + payload.length;
        if (payloadLength > 0xffff) {
            throw new IllegalArgumentException("a control packet holds less than 64 KiB, not " + payload.length);
        }
        byte[] packet = new byte[PAYLOAD_FIELD_OFFSET + payload.length];
        Ipv6Header.write(packet, 0, payloadLength, NEXT_HEADER, HOP_LIMIT);
        packet[EVENT_FIELD_OFFSET] = (byte) event;
        System.arraycopy(payload, 0, packet, PAYLOAD_FIELD_OFFSET, payload.length);
        return packet;
    }

    private static boolean isZero(byte[] buffer, int offset, int length) {
        for (int i = offset; i < offset + length; i += Long.BYTES) {
            if (NetworkOrder.getLong(buffer, i) != 0) {
                return false;
            }
        }
        return true;
    }
}
