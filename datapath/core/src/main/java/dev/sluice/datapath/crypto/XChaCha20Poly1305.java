package dev.sluice.datapath.crypto;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): a 24-byte random nonce, of which HChaCha20 turns the first 16 bytes
 * and the key into a subkey; the last 8 are the counter of an ordinary {@link Aead}. For cookies, so not made for speed.
 */
public final class XChaCha20Poly1305 {
    /** Bytes of a nonce. */
    public static final int NONCE_LENGTH = 24;

    private XChaCha20Poly1305() {}

    /** Ciphertext and tag. */
    public static byte[] seal(byte[] key, byte[] nonce, byte[] plaintext, byte[] associated) {
        byte[] out = new byte[plaintext.length + Aead.TAG_LENGTH];
        Aead aead = aead(key, nonce);
        aead.seal(counter(nonce), associated, plaintext, 0, plaintext.length, out, 0);
        aead.destroy();
        return out;
    }

    /** The plaintext, or null when the input was not sealed with this key, nonce and associated data. */
    public static byte @Nullable [] open(byte[] key, byte[] nonce, byte[] sealed, byte[] associated) {
        if (sealed.length < Aead.TAG_LENGTH) {
            return null;
        }
        byte[] out = new byte[sealed.length - Aead.TAG_LENGTH];
        Aead aead = aead(key, nonce);
        int length = aead.open(counter(nonce), associated, sealed, 0, sealed.length, out, 0);
        aead.destroy();
        return length < 0 ? null : out;
    }

    private static Aead aead(byte[] key, byte[] nonce) {
        byte[] subkey = HChaCha20.subkey(key, nonce);
        Aead aead = AeadProviders.preferred().create(subkey);
        Arrays.fill(subkey, (byte) 0);
        return aead;
    }

    private static long counter(byte[] nonce) {
        long counter = 0;
        for (int i = NONCE_LENGTH - 1; i >= NONCE_LENGTH - Long.BYTES; i--) {
            counter = counter << 8 | nonce[i] & 0xff;
        }
        return counter;
    }
}
