package dev.sluice.datapath.crypto;

import java.util.Arrays;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/** The lightweight API: no JCE, no security provider to install. */
final class BouncyCastleAead implements Aead {
    private final byte[] key;
    private final byte[] nonce = new byte[12];
    private final ChaCha20Poly1305 cipher = new ChaCha20Poly1305();

    BouncyCastleAead(byte[] key) {
        if (key.length != KEY_LENGTH) {
            throw new IllegalArgumentException("an AEAD key has 32 bytes, not " + key.length);
        }
        this.key = key.clone();
    }

    @Override
    public int seal(
            long counter, byte[] associated, byte[] plaintext, int offset, int length, byte[] out, int outOffset) {
        try {
            return run(true, counter, associated, plaintext, offset, length, out, outOffset);
        } catch (InvalidCipherTextException impossible) {
            throw new IllegalStateException("ChaCha20-Poly1305 refused to encrypt", impossible);
        }
    }

    @Override
    public int open(
            long counter, byte[] associated, byte[] ciphertext, int offset, int length, byte[] out, int outOffset) {
        if (length < TAG_LENGTH) {
            return FORGED;
        }
        // It writes plaintext before it has seen the tag; what was forged must not reach the caller's buffer.
        byte[] plaintext = new byte[length - TAG_LENGTH];
        try {
            int opened = run(false, counter, associated, ciphertext, offset, length, plaintext, 0);
            System.arraycopy(plaintext, 0, out, outOffset, opened);
            return opened;
        } catch (InvalidCipherTextException forged) {
            return FORGED;
        }
    }

    private int run(
            boolean sealing,
            long counter,
            byte[] associated,
            byte[] input,
            int offset,
            int length,
            byte[] out,
            int outOffset)
            throws InvalidCipherTextException {
        for (int i = 0; i < Long.BYTES; i++) {
            nonce[4 + i] = (byte) (counter >>> 8 * i);
        }
        cipher.init(sealing, new ParametersWithIV(new KeyParameter(key), nonce));
        cipher.processAADBytes(associated, 0, associated.length);
        int written = cipher.processBytes(input, offset, length, out, outOffset);
        return written + cipher.doFinal(out, outOffset + written);
    }

    @Override
    public void destroy() {
        Arrays.fill(key, (byte) 0);
    }
}
