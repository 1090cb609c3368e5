package dev.sluice.datapath.wireguard;

import dev.sluice.datapath.crypto.Blake2s;
import dev.sluice.datapath.crypto.XChaCha20Poly1305;
import dev.sluice.datapath.wire.CookieReply;
import org.jspecify.annotations.Nullable;

/** The sending side of cookies: signs handshake messages to one peer, with the cookie that it last gave us. */
final class CookieJar {
    private final byte[] mac1Key;
    private final byte[] cookieKey;
    private final long cookieTime;
    private byte @Nullable [] lastMac1;
    private byte @Nullable [] cookie;
    private long expiresAt;

    CookieJar(PublicKey remote, Timing timing) {
        mac1Key = MessageMac.mac1Key(remote);
        cookieKey = MessageMac.cookieKey(remote);
        cookieTime = timing.cookieTime();
    }

    /** Fills in both MACs of a handshake message at the start of {@code message}; without a cookie the second is zero. */
    void sign(byte[] message, long now) {
        int offset = MessageMac.mac1Offset(message, 0);
        byte[] mac1 = MessageMac.mac1(mac1Key, message, 0);
        System.arraycopy(mac1, 0, message, offset, Blake2s.MAC_LENGTH);
        lastMac1 = mac1;
        byte[] mac2 =
                cookie != null && now < expiresAt ? MessageMac.mac2(cookie, message, 0) : new byte[Blake2s.MAC_LENGTH];
        System.arraycopy(mac2, 0, message, offset + Blake2s.MAC_LENGTH, Blake2s.MAC_LENGTH);
    }

    /** Keeps the cookie of a reply; false unless it answers the last signed message. */
    boolean accept(byte[] reply, int offset, long now) {
        if (lastMac1 == null) {
            return false;
        }
        byte[] nonce = MessageMac.field(reply, offset + CookieReply.NONCE_FIELD_OFFSET, CookieReply.NONCE_LENGTH);
        byte[] sealed = MessageMac.field(
                reply, offset + CookieReply.ENCRYPTED_COOKIE_FIELD_OFFSET, CookieReply.ENCRYPTED_COOKIE_LENGTH);
        byte[] opened = XChaCha20Poly1305.open(cookieKey, nonce, sealed, lastMac1);
        if (opened == null) {
            return false;
        }
        cookie = opened;
        expiresAt = now + cookieTime;
        return true;
    }
}
