package dev.sluice.datapath.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * What every WireGuard message begins with (paper, §5.4): a type, and three bytes that are zero. All integers of
 * WireGuard are little-endian.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +---------------+-----------------------------------------------+
 * |     Type      |                   Reserved                    |
 * +---------------+-----------------------------------------------+
 * </pre>
 */
public final class WireGuardMessage {
    public static final int TYPE_FIELD_OFFSET = 0;
    public static final int HEADER_LENGTH = 4;

    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private WireGuardMessage() {}

    /**
     * The type, read together with the reserved bytes so that a message with any of them set has no known type.
     *
     * @param length of the datagram; one shorter than a header has type 0
     */
    public static int type(byte[] buffer, int offset, int length) {
        return length < HEADER_LENGTH ? 0 : (int) INT.get(buffer, offset + TYPE_FIELD_OFFSET);
    }

    /** Whether a datagram is a WireGuard message by its type, of a length that this type can have. */
    public static boolean matches(byte[] buffer, int offset, int length) {
        return switch (type(buffer, offset, length)) {
            case HandshakeInitiation.TYPE -> length == HandshakeInitiation.LENGTH;
            case HandshakeResponse.TYPE -> length == HandshakeResponse.LENGTH;
            case CookieReply.TYPE -> length == CookieReply.LENGTH;
            case TransportData.TYPE -> length >= TransportData.OVERHEAD;
            default -> false;
        };
    }
}
