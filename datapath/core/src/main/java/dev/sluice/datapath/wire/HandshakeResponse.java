package dev.sluice.datapath.wire;

/**
 * The second message of a handshake (WireGuard paper, §5.4.3).
 *
 * <pre>
 *    0 +---------------+-----------------------------------------------+
 *      |   Type = 2    |                 Reserved = 0                  |
 *    4 +---------------+-----------------------------------------------+
 *      |                    Sender index (32 bits)                     |
 *    8 +---------------------------------------------------------------+
 *      |                   Receiver index (32 bits)                    |
 *   12 +---------------------------------------------------------------+
 *      |                 Unencrypted ephemeral (32 bytes)              |
 *   44 +---------------------------------------------------------------+
 *      |                 Encrypted nothing (0 + 16 bytes)              |
 *   60 +---------------------------------------------------------------+
 *      |                        MAC1 (16 bytes)                        |
 *   76 +---------------------------------------------------------------+
 *      |                        MAC2 (16 bytes)                        |
 *   92 +---------------------------------------------------------------+
 * </pre>
 */
public final class HandshakeResponse {
    public static final int TYPE = 2;
    public static final int SENDER_INDEX_FIELD_OFFSET = 4;
    public static final int RECEIVER_INDEX_FIELD_OFFSET = 8;
    public static final int EPHEMERAL_FIELD_OFFSET = 12;
    public static final int ENCRYPTED_NOTHING_FIELD_OFFSET = 44;
    public static final int ENCRYPTED_NOTHING_LENGTH = 16;
    public static final int MAC1_FIELD_OFFSET = 60;
    public static final int MAC2_FIELD_OFFSET = 76;
    public static final int LENGTH = 92;

    private HandshakeResponse() {}

    /** Writes the header: type, reserved bytes and both indices. */
    public static void header(byte[] buffer, int offset, int senderIndex, int receiverIndex) {
        WireGuardMessage.INT.set(buffer, offset + WireGuardMessage.TYPE_FIELD_OFFSET, TYPE);
        WireGuardMessage.INT.set(buffer, offset + SENDER_INDEX_FIELD_OFFSET, senderIndex);
        WireGuardMessage.INT.set(buffer, offset + RECEIVER_INDEX_FIELD_OFFSET, receiverIndex);
    }

    /** The index that the initiator is to put into its messages. */
    public static int senderIndex(byte[] buffer, int offset) {
        return (int) WireGuardMessage.INT.get(buffer, offset + SENDER_INDEX_FIELD_OFFSET);
    }

    /** The sender index of the initiation that this answers. */
    public static int receiverIndex(byte[] buffer, int offset) {
        return (int) WireGuardMessage.INT.get(buffer, offset + RECEIVER_INDEX_FIELD_OFFSET);
    }
}
