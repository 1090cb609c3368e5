package dev.sluice.datapath.crypto;

/**
 * ChaCha20-Poly1305 (RFC 8439 §2.8) under one key, with WireGuard's nonces: four zero bytes, then a 64-bit little-endian
 * counter.
 *
 * <p>An instance is for one direction of one session and for one thread. The output may be the same array as the input
 * only when both offsets are equal. It never allocates beyond what its provider needs by itself.
 */
public interface Aead {
    /** Bytes of a key. */
    int KEY_LENGTH = 32;

    /** Bytes that sealing adds behind the ciphertext. */
    int TAG_LENGTH = 16;

    /** What {@link #open} returns for input that is too short or was not made by this key, counter and data. */
    int FORGED = -1;

    /**
     * Encrypts and authenticates.
     *
     * @param counter never the same twice for one key
     * @param associated authenticated beside the plaintext, not sent; empty for transport data
     * @return bytes written to {@code out}: {@code length} + {@link #TAG_LENGTH}
     */
    int seal(long counter, byte[] associated, byte[] plaintext, int offset, int length, byte[] out, int outOffset);

    /**
     * Checks and decrypts. Nothing is written to {@code out} unless the tag is right.
     *
     * @param length of the ciphertext with its tag
     * @return bytes written to {@code out}: {@code length} - {@link #TAG_LENGTH}, or {@link #FORGED}
     */
    int open(long counter, byte[] associated, byte[] ciphertext, int offset, int length, byte[] out, int outOffset);

    /** Overwrites the key. The instance must not be used afterwards. */
    void destroy();
}
