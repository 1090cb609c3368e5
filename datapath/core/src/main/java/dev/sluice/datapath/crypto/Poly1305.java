package dev.sluice.datapath.crypto;

/** The one-time authenticator of RFC 8439 §2.5, over whole blocks and without allocation. For one thread. */
sealed interface Poly1305 permits IntrinsicPoly1305, PlainPoly1305 {
    int BLOCK_LENGTH = 16;

    /** Begins a message under the one-time key in the first 32 bytes of {@code key}. */
    void start(byte[] key);

    /** Adds whole blocks; the range must be inside the array, which is not checked here. */
    void blocks(byte[] input, int offset, int length);

    /** Ends the message and writes the tag. */
    void finish(byte[] tag, int offset);

    void erase();
}
