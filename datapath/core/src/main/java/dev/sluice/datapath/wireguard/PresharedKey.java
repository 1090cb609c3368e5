package dev.sluice.datapath.wireguard;

import java.security.MessageDigest;

/** A secret of 32 bytes that both peers hold beside their key pairs (the paper's Q). Never printed. */
public final class PresharedKey {
    /** What stands in for a preshared key where there is none. */
    public static final PresharedKey NONE = new PresharedKey(new byte[KeyText.KEY_LENGTH]);

    private final byte[] bytes;

    private PresharedKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @throws IllegalArgumentException if there are not 32 bytes */
    public static PresharedKey of(byte[] bytes) {
        return new PresharedKey(KeyText.checked("the preshared key", bytes));
    }

    /**
     * From base64.
     *
     * @throws IllegalArgumentException if it is not base64 of 32 bytes
     */
    public static PresharedKey parse(String base64) {
        return new PresharedKey(KeyText.parse("the preshared key", base64));
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PresharedKey key && MessageDigest.isEqual(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return bytes[0];
    }

    @Override
    public String toString() {
        return "PresharedKey[redacted]";
    }
}
