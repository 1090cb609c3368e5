package dev.sluice.datapath.wireguard;

import java.util.Arrays;

/** An X25519 public key, by which WireGuard knows a peer. A value: equal when the bytes are. */
public final class PublicKey {
    public static final int LENGTH = KeyText.KEY_LENGTH;

    private final byte[] bytes;

    private PublicKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @throws IllegalArgumentException if there are not 32 bytes */
    public static PublicKey of(byte[] bytes) {
        return new PublicKey(KeyText.checked("the public key", bytes));
    }

    /**
     * From base64.
     *
     * @throws IllegalArgumentException if it is not base64 of 32 bytes
     */
    public static PublicKey parse(String base64) {
        return new PublicKey(KeyText.parse("the public key", base64));
    }

    /** A copy of the 32 bytes. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** In base64. */
    public String base64() {
        return KeyText.format(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PublicKey key && Arrays.equals(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return base64();
    }
}
