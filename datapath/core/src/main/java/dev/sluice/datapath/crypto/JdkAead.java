package dev.sluice.datapath.crypto;

import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.IvParameterSpec;
import org.jspecify.annotations.Nullable;

/** One {@link Cipher} each for sealing and opening, made when first needed. */
final class JdkAead implements Aead {
    private final ErasableKey key;
    private final byte[] nonce = new byte[12];
    private final Direction sealing = new Direction(Cipher.ENCRYPT_MODE);
    private final Direction opening = new Direction(Cipher.DECRYPT_MODE);

    JdkAead(byte[] key) {
        if (key.length != KEY_LENGTH) {
            throw new IllegalArgumentException("an AEAD key has 32 bytes, not " + key.length);
        }
        this.key = new ErasableKey(key.clone());
    }

    @Override
    public int seal(
            long counter, byte[] associated, byte[] plaintext, int offset, int length, byte[] out, int outOffset) {
        try {
            Cipher cipher = sealing.start(counter);
            cipher.updateAAD(associated);
            return cipher.doFinal(plaintext, offset, length, out, outOffset);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("ChaCha20-Poly1305 refused to encrypt", impossible);
        }
    }

    @Override
    public int open(
            long counter, byte[] associated, byte[] ciphertext, int offset, int length, byte[] out, int outOffset) {
        if (length < TAG_LENGTH) {
            return FORGED;
        }
        try {
            Cipher cipher = opening.start(counter);
            cipher.updateAAD(associated);
            return cipher.doFinal(ciphertext, offset, length, out, outOffset);
        } catch (AEADBadTagException forged) {
            return FORGED;
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("ChaCha20-Poly1305 refused to decrypt", impossible);
        }
    }

    @Override
    public void destroy() {
        Arrays.fill(key.bytes, (byte) 0);
        try {
            sealing.forget();
            opening.forget();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("ChaCha20-Poly1305 refused a key", impossible);
        }
    }

    private final class Direction {
        private final int mode;
        private @Nullable Cipher cipher;
        private long last;

        Direction(int mode) {
            this.mode = mode;
        }

        /**
         * The cipher refuses to start twice in a row with one nonce. For opening that is legitimate (a forged packet,
         * then the real one with its counter), so another nonce goes between the two.
         */
        Cipher start(long counter) throws GeneralSecurityException {
            Cipher current = cipher;
            if (current == null) {
                current = Cipher.getInstance("ChaCha20-Poly1305");
                cipher = current;
            } else if (mode == Cipher.DECRYPT_MODE && counter == last) {
                current.init(mode, key, nonce(~counter));
            }
            current.init(mode, key, nonce(counter));
            last = counter;
            return current;
        }

        void forget() throws GeneralSecurityException {
            if (cipher != null) {
                cipher.init(mode, key, nonce(~last));
            }
        }
    }

    private AlgorithmParameterSpec nonce(long counter) {
        for (int i = 0; i < Long.BYTES; i++) {
            nonce[4 + i] = (byte) (counter >>> 8 * i);
        }
        return new IvParameterSpec(nonce);
    }

    /** A key whose bytes can be overwritten, as those of {@code SecretKeySpec} cannot. */
    private static final class ErasableKey implements SecretKey {
        private final byte[] bytes;

        ErasableKey(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public String getAlgorithm() {
            return "ChaCha20";
        }

        @Override
        public String getFormat() {
            return "RAW";
        }

        @Override
        public byte[] getEncoded() {
            return bytes.clone();
        }
    }
}
