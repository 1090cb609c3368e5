package dev.sluice.datapath.crypto;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** X25519 (RFC 7748) by BouncyCastle, which does twice as many agreements a second as the JDK. */
public final class X25519 {
    /** Bytes of a scalar, of a public key and of a shared secret. */
    public static final int KEY_LENGTH = 32;

    private X25519() {}

    /** A new private key, clamped, from a generator that must be cryptographically strong. */
    public static byte[] generate(RandomGenerator random) {
        byte[] scalar = new byte[KEY_LENGTH];
        random.nextBytes(scalar);
        clamp(scalar);
        return scalar;
    }

    /** Clears and sets the bits that RFC 7748 §5 fixes in a scalar. */
    public static void clamp(byte[] scalar) {
        scalar[0] &= (byte) 0xf8;
        scalar[31] &= 0x7f;
        scalar[31] |= 0x40;
    }

    /** The public key of a private one. */
    public static byte[] publicKey(byte[] scalar) {
        byte[] point = new byte[KEY_LENGTH];
        org.bouncycastle.math.ec.rfc7748.X25519.scalarMultBase(scalar, 0, point, 0);
        return point;
    }

    /** The shared secret, or null when the other side sent a point of small order (all-zero result, RFC 7748 §6.1). */
    public static byte @Nullable [] agree(byte[] scalar, byte[] point) {
        byte[] shared = new byte[KEY_LENGTH];
        return org.bouncycastle.math.ec.rfc7748.X25519.calculateAgreement(scalar, 0, point, 0, shared, 0)
                ? shared
                : null;
    }
}
