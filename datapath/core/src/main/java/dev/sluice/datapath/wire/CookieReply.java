package dev.sluice.datapath.wire;

/**
 * What a responder under load sends in place of an answer (WireGuard paper, §5.4.7).
 *
 * <pre>
 *    0 +---------------+-----------------------------------------------+
 *      |   Type = 3    |                 Reserved = 0                  |
 *    4 +---------------+-----------------------------------------------+
 *      |                   Receiver index (32 bits)                    |
 *    8 +---------------------------------------------------------------+
 *      |                        Nonce (24 bytes)                       |
 *   32 +---------------------------------------------------------------+
 *      |                Encrypted cookie (16 + 16 bytes)               |
 *   64 +---------------------------------------------------------------+
 * </pre>
 */
public final class CookieReply {
    public static final int TYPE = 3;
    public static final int RECEIVER_INDEX_FIELD_OFFSET = 4;
    public static final int NONCE_FIELD_OFFSET = 8;
    public static final int NONCE_LENGTH = 24;
    public static final int ENCRYPTED_COOKIE_FIELD_OFFSET = 32;
    public static final int ENCRYPTED_COOKIE_LENGTH = 32;
    public static final int LENGTH = 64;

    private CookieReply() {}

    /** Writes the header: type, reserved bytes and receiver index. */
    public static void header(byte[] buffer, int offset, int receiverIndex) {
        WireGuardMessage.INT.set(buffer, offset + WireGuardMessage.TYPE_FIELD_OFFSET, TYPE);
        WireGuardMessage.INT.set(buffer, offset + RECEIVER_INDEX_FIELD_OFFSET, receiverIndex);
    }

    /** The sender index of the handshake message that this answers. */
    public static int receiverIndex(byte[] buffer, int offset) {
        return (int) WireGuardMessage.INT.get(buffer, offset + RECEIVER_INDEX_FIELD_OFFSET);
    }
}
