package dev.sluice.datapath.wireguard;

import dev.sluice.datapath.crypto.Blake2s;
import dev.sluice.datapath.wire.HandshakeInitiation;
import dev.sluice.datapath.wire.HandshakeResponse;
import dev.sluice.datapath.wire.WireGuardMessage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The two MACs at the end of both handshake messages (paper, §5.4.4): {@code mac1} shows that the sender knows whom it
 * writes to, {@code mac2} that it can receive at the address it writes from.
 */
final class MessageMac {
    private static final byte[] MAC1_LABEL = "mac1----".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] COOKIE_LABEL = "cookie--".getBytes(StandardCharsets.US_ASCII);

    private MessageMac() {}

    /** The key of {@code mac1} in messages to the owner of {@code receiver}. */
    static byte[] mac1Key(PublicKey receiver) {
        return Blake2s.hash(MAC1_LABEL, receiver.bytes());
    }

    /** The key that cookies from the owner of {@code sender} are encrypted with. */
    static byte[] cookieKey(PublicKey sender) {
        return Blake2s.hash(COOKIE_LABEL, sender.bytes());
    }

    /** Where {@code mac1} of the handshake message at {@code offset} is, counted from there. */
    static int mac1Offset(byte[] buffer, int offset) {
        return WireGuardMessage.type(buffer, offset, WireGuardMessage.HEADER_LENGTH) == HandshakeInitiation.TYPE
                ? HandshakeInitiation.MAC1_FIELD_OFFSET
                : HandshakeResponse.MAC1_FIELD_OFFSET;
    }

    /** Over everything before {@code mac1}. */
    static byte[] mac1(byte[] key, byte[] buffer, int offset) {
        return Blake2s.mac(key, buffer, offset, mac1Offset(buffer, offset));
    }

    /** Over everything before {@code mac2}, which follows {@code mac1}. */
    static byte[] mac2(byte[] cookie, byte[] buffer, int offset) {
        return Blake2s.mac(cookie, buffer, offset, mac1Offset(buffer, offset) + Blake2s.MAC_LENGTH);
    }

    /** A part of a message. */
    static byte[] field(byte[] buffer, int offset, int length) {
        return Arrays.copyOfRange(buffer, offset, offset + length);
    }
}
