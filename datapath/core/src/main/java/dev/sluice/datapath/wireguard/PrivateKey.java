package dev.sluice.datapath.wireguard;

import dev.sluice.datapath.crypto.X25519;
import java.security.MessageDigest;
import java.util.random.RandomGenerator;

/** An X25519 private key, clamped. Never printed: {@link #base64} is for files of mode 600. */
public final class PrivateKey {
    private final byte[] bytes;

    private PrivateKey(byte[] bytes) {
        this.bytes = bytes;
        X25519.clamp(bytes);
    }

    /** A new one, from a generator that must be cryptographically strong. */
    public static PrivateKey generate(RandomGenerator random) {
        return new PrivateKey(X25519.generate(random));
    }

    /** @throws IllegalArgumentException if there are not 32 bytes */
    public static PrivateKey of(byte[] bytes) {
        return new PrivateKey(KeyText.checked("the private key", bytes));
    }

    /**
     * From base64.
     *
     * @throws IllegalArgumentException if it is not base64 of 32 bytes
     */
    public static PrivateKey parse(String base64) {
        return new PrivateKey(KeyText.parse("the private key", base64));
    }

    /** The secret itself, in base64. */
    public String base64() {
        return KeyText.format(bytes);
    }

    byte[] bytes() {
        return bytes;
    }

    PublicKey publicKey() {
        return PublicKey.of(X25519.publicKey(bytes));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PrivateKey key && MessageDigest.isEqual(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return publicKey().hashCode();
    }

    @Override
    public String toString() {
        return "PrivateKey[redacted]";
    }
}
