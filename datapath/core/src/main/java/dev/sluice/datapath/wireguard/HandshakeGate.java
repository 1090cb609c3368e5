package dev.sluice.datapath.wireguard;

import dev.sluice.datapath.crypto.AeadProvider;
import dev.sluice.datapath.crypto.AeadProviders;
import dev.sluice.datapath.crypto.Blake2s;
import dev.sluice.datapath.crypto.XChaCha20Poly1305;
import dev.sluice.datapath.wire.CookieReply;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.HandshakeInitiation;
import dev.sluice.datapath.wire.HandshakeResponse;
import dev.sluice.datapath.wire.PacketSink;
import dev.sluice.datapath.wire.WireGuardMessage;
import java.security.MessageDigest;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What every handshake message to a device passes before any expensive work is done for it (paper, §§5.3, 5.4.7): the
 * check of {@code mac1} and, beyond {@link #HANDSHAKES_PER_SECOND}, the proof by cookie that the sender can receive at
 * its address.
 */
public final class HandshakeGate {
    /** The message may be handled. */
    public static final int ADMITTED = 0;

    /** Above this rate a device counts as under load. */
    public static final int HANDSHAKES_PER_SECOND = 100;

    /** Even with valid cookies no more is handled: what one core can do with room to spare for packets. */
    public static final int HANDSHAKES_PER_SECOND_WITH_COOKIE = 5 * HANDSHAKES_PER_SECOND;

    private static final long SECOND = 1_000_000_000;
    private static final int SECRET_LENGTH = 32;

    private final KeyPair own;
    private final RandomGenerator random;
    private final AeadProvider aeads;
    private final byte[] mac1Key;
    private final byte[] cookieKey;
    private final byte[] secret = new byte[SECRET_LENGTH];
    private final byte[] reply = new byte[CookieReply.LENGTH];
    private final long cookieTime;
    private long secretEnds = Long.MIN_VALUE;
    private long periodEnds = Long.MIN_VALUE;
    private int inPeriod;
    private int withCookie;

    /** @param random cryptographically strong */
    public HandshakeGate(KeyPair own, Timing timing, RandomGenerator random) {
        this.own = own;
        this.random = random;
        this.aeads = AeadProviders.preferred();
        this.mac1Key = MessageMac.mac1Key(own.publicKey());
        this.cookieKey = MessageMac.cookieKey(own.publicKey());
        this.cookieTime = timing.cookieTime();
    }

    /**
     * Decides whether an initiation or a response may be handled.
     *
     * @param reply takes the cookie reply that goes to {@code source} in place of an answer
     * @return {@link #ADMITTED}, {@link Failure#UNKNOWN_TYPE}, {@link Failure#MALFORMED}, {@link Failure#FORGED}, or
     *     {@link Failure#RATE_LIMITED} after a cookie reply
     */
    public int admit(byte[] datagram, int offset, int length, Endpoint source, long now, PacketSink reply) {
        int expected = switch (WireGuardMessage.type(datagram, offset, length)) {
            case HandshakeInitiation.TYPE -> HandshakeInitiation.LENGTH;
            case HandshakeResponse.TYPE -> HandshakeResponse.LENGTH;
            default -> Failure.UNKNOWN_TYPE;
        };
        if (expected < 0) {
            return expected;
        }
        if (length != expected) {
            return Failure.MALFORMED;
        }
        int mac1Offset = offset + MessageMac.mac1Offset(datagram, offset);
        byte[] mac1 = MessageMac.field(datagram, mac1Offset, Blake2s.MAC_LENGTH);
        if (!MessageDigest.isEqual(mac1, MessageMac.mac1(mac1Key, datagram, offset))) {
            return Failure.FORGED;
        }
        startPeriod(now);
        if (inPeriod < HANDSHAKES_PER_SECOND) {
            inPeriod++;
            return ADMITTED;
        }
        byte[] cookie = cookie(source, now);
        byte[] mac2 = MessageMac.field(datagram, mac1Offset + Blake2s.MAC_LENGTH, Blake2s.MAC_LENGTH);
        if (!MessageDigest.isEqual(mac2, MessageMac.mac2(cookie, datagram, offset))) {
            sendCookie(HandshakeInitiation.senderIndex(datagram, offset), mac1, cookie, reply);
            return Failure.RATE_LIMITED;
        }
        if (withCookie >= HANDSHAKES_PER_SECOND_WITH_COOKIE) {
            return Failure.RATE_LIMITED;
        }
        withCookie++;
        return ADMITTED;
    }

    /** Reads an admitted initiation, so that the peer of its {@link Initiation#initiator} can be found; null if forged. */
    public @Nullable Initiation open(byte[] datagram, int offset) {
        return Initiation.open(aeads, own, datagram, offset);
    }

    /** Whether handshakes need a cookie now. */
    public boolean underLoad(long now) {
        return now < periodEnds && inPeriod >= HANDSHAKES_PER_SECOND;
    }

    private void startPeriod(long now) {
        if (now >= periodEnds) {
            periodEnds = now + SECOND;
            inPeriod = 0;
            withCookie = 0;
        }
    }

    /** Bound to the address and port, by a secret that does not live longer than a cookie. */
    private byte[] cookie(Endpoint source, long now) {
        if (now >= secretEnds) {
            random.nextBytes(secret);
            secretEnds = now + cookieTime;
        }
        int length = source.address().byteLength();
        byte[] address = new byte[length + 2];
        source.address().write(address, 0);
        address[length] = (byte) (source.port() >>> 8);
        address[length + 1] = (byte) source.port();
        return Blake2s.mac(secret, address, 0, address.length);
    }

    /** Both handshake messages have their sender index at the same place. */
    private void sendCookie(int receiverIndex, byte[] mac1, byte[] cookie, PacketSink out) {
        byte[] nonce = new byte[CookieReply.NONCE_LENGTH];
        random.nextBytes(nonce);
        byte[] sealed = XChaCha20Poly1305.seal(cookieKey, nonce, cookie, mac1);
        CookieReply.header(reply, 0, receiverIndex);
        System.arraycopy(nonce, 0, reply, CookieReply.NONCE_FIELD_OFFSET, nonce.length);
        System.arraycopy(sealed, 0, reply, CookieReply.ENCRYPTED_COOKIE_FIELD_OFFSET, sealed.length);
        out.accept(reply, 0, CookieReply.LENGTH);
    }
}
