package dev.sluice.datapath.crypto;

import java.util.Arrays;

/**
 * The key derivation of the WireGuard paper (§5.4): HKDF (RFC 5869) over HMAC (RFC 2104) over BLAKE2s, with the chaining
 * key as salt and without info.
 */
public final class Kdf {
    private static final int BLOCK_LENGTH = 64;

    private Kdf() {}

    /**
     * {@code KDF_n(key, input)}.
     *
     * @param count how many 32-byte outputs, 1 to 3
     */
    public static byte[][] derive(int count, byte[] key, byte[]... input) {
        byte[] secret = hmac(key, input);
        byte[][] outputs = new byte[count][];
        byte[] previous = {};
        for (int i = 0; i < count; i++) {
            previous = hmac(secret, previous, new byte[] {(byte) (i + 1)});
            outputs[i] = previous;
        }
        Arrays.fill(secret, (byte) 0);
        return outputs;
    }

    /** HMAC-BLAKE2s of the parts one after the other. */
    public static byte[] hmac(byte[] key, byte[]... parts) {
        byte[] shortKey = key.length > BLOCK_LENGTH ? Blake2s.hash(key) : key;
        byte[][] inner = new byte[parts.length + 1][];
        inner[0] = pad(shortKey, 0x36);
        System.arraycopy(parts, 0, inner, 1, parts.length);
        byte[] outer = pad(shortKey, 0x5c);
        byte[] mac = Blake2s.hash(outer, Blake2s.hash(inner));
        Arrays.fill(inner[0], (byte) 0);
        Arrays.fill(outer, (byte) 0);
        return mac;
    }

    private static byte[] pad(byte[] key, int value) {
        byte[] padded = Arrays.copyOf(key, BLOCK_LENGTH);
        for (int i = 0; i < BLOCK_LENGTH; i++) {
            padded[i] ^= (byte) value;
        }
        return padded;
    }
}
