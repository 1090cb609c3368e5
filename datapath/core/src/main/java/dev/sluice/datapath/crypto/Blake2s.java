package dev.sluice.datapath.crypto;

import org.bouncycastle.crypto.digests.Blake2sDigest;

/** BLAKE2s (RFC 7693): the hash, and the keyed hash that serves as a MAC. */
public final class Blake2s {
    /** Bytes of a full hash. */
    public static final int HASH_LENGTH = 32;

    /** Bytes of WireGuard's MACs. */
    public static final int MAC_LENGTH = 16;

    private Blake2s() {}

    /** The 32-byte hash of the parts one after the other. */
    public static byte[] hash(byte[]... parts) {
        Blake2sDigest digest = new Blake2sDigest(256);
        for (byte[] part : parts) {
            digest.update(part, 0, part.length);
        }
        byte[] hash = new byte[HASH_LENGTH];
        digest.doFinal(hash, 0);
        return hash;
    }

    /**
     * The keyed hash of a range, cut to {@link #MAC_LENGTH} bytes by BLAKE2s itself (its parameter block differs from
     * that of a truncated 32-byte hash).
     *
     * @param key up to 32 bytes
     */
    public static byte[] mac(byte[] key, byte[] input, int offset, int length) {
        Blake2sDigest digest = new Blake2sDigest(key, MAC_LENGTH, null, null);
        digest.update(input, offset, length);
        byte[] mac = new byte[MAC_LENGTH];
        digest.doFinal(mac, 0);
        return mac;
    }
}
