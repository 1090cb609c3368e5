package dev.sluice.datapath.crypto;

/** Makes {@link Aead}s. Which providers there are, and which one to use, is {@link AeadProviders}' to say. */
public interface AeadProvider {
    /** For logs and benchmarks. */
    String name();

    /**
     * A new AEAD; the key is copied.
     *
     * @param key {@link Aead#KEY_LENGTH} bytes
     */
    Aead create(byte[] key);
}
