package dev.sluice.datapath.wire;

/**
 * The first message of a handshake (WireGuard paper, §5.4.2).
 *
 * <pre>
 *    0 +---------------+-----------------------------------------------+
 *      |   Type = 1    |                 Reserved = 0                  |
 *    4 +---------------+-----------------------------------------------+
 *      |                    Sender index (32 bits)                     |
 *    8 +---------------------------------------------------------------+
 *      |                 Unencrypted ephemeral (32 bytes)              |
 *   40 +---------------------------------------------------------------+
 *      |          Encrypted static public key (32 + 16 bytes)          |
 *   88 +---------------------------------------------------------------+
 *      |            Encrypted TAI64N timestamp (12 + 16 bytes)         |
 *  116 +---------------------------------------------------------------+
 *      |                        MAC1 (16 bytes)                        |
 *  132 +---------------------------------------------------------------+
 *      |                        MAC2 (16 bytes)                        |
 *  148 +---------------------------------------------------------------+
 * </pre>
 */
public final class HandshakeInitiation {
    public static final int TYPE = 1;
    public static final int SENDER_INDEX_FIELD_OFFSET = 4;
    public static final int EPHEMERAL_FIELD_OFFSET = 8;
    public static final int ENCRYPTED_STATIC_FIELD_OFFSET = 40;
    public static final int ENCRYPTED_STATIC_LENGTH = 48;
    public static final int ENCRYPTED_TIMESTAMP_FIELD_OFFSET = 88;
    public static final int ENCRYPTED_TIMESTAMP_LENGTH = 28;
    public static final int MAC1_FIELD_OFFSET = 116;
    public static final int MAC2_FIELD_OFFSET = 132;
    public static final int LENGTH = 148;

    private HandshakeInitiation() {}

    /** Writes the header: type, reserved bytes and sender index. */
    public static void header(byte[] buffer, int offset, int senderIndex) {
        WireGuardMessage.INT.set(buffer, offset + WireGuardMessage.TYPE_FIELD_OFFSET, TYPE);
        WireGuardMessage.INT.set(buffer, offset + SENDER_INDEX_FIELD_OFFSET, senderIndex);
    }

    /** The index that the responder is to put into its messages. */
    public static int senderIndex(byte[] buffer, int offset) {
        return (int) WireGuardMessage.INT.get(buffer, offset + SENDER_INDEX_FIELD_OFFSET);
    }
}
