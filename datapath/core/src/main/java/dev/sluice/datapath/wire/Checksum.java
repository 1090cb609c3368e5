package dev.sluice.datapath.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The Internet checksum: from scratch (RFC 1071) and incrementally (RFC 1624).
 *
 * <p>Sums are accumulated in a {@code long} and folded once. A computed checksum is never 0xffff, since a sum of
 * anything but zeros never folds to zero; UDP sends 0xffff for a computed 0, because 0 means "none" there (RFC 768).
 */
public final class Checksum {
    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());
    private static final long WORD = 0xffff_ffffL;

    private Checksum() {}

    /** The checksum of {@code length} bytes; 0 when they hold their own, correct checksum. */
    public static int of(byte[] buffer, int offset, int length) {
        return finish(sum(0, buffer, offset, length));
    }

    /**
     * Adds bytes to a running sum. Every part but the last must be of even length.
     *
     * <p>Words are summed in the machine's own order, and the sum is turned round once (RFC 1071 §2 (B)).
     */
    public static long sum(long initial, byte[] buffer, int offset, int length) {
        long even = 0;
        long odd = 0;
        int position = offset;
        int end = offset + length;
        for (; position <= end - 2 * Long.BYTES; position += 2 * Long.BYTES) {
            long first = (long) LONG.get(buffer, position);
            long second = (long) LONG.get(buffer, position + Long.BYTES);
            even += (first & WORD) + (second & WORD);
            odd += (first >>> 32) + (second >>> 32);
        }
        for (; position <= end - Short.BYTES; position += Short.BYTES) {
            even += (short) SHORT.get(buffer, position) & 0xffff;
        }
        long sum = initial + turned(fold(even + odd));
        return position < end ? sum + (NetworkOrder.unsignedByte(buffer, position) << 8) : sum;
    }

    /** Folds a sum of 16 or 32-bit words to its checksum. */
    public static int finish(long sum) {
        return ~fold(sum) & 0xffff;
    }

    /**
     * The checksum of a transport message with its pseudo-header (RFC 9293 §3.1, RFC 8200 §8.1); 0 when the message
     * holds its own, correct checksum.
     *
     * @param version 4 or 6
     * @param addressesOffset of the source address, which the destination follows
     */
    public static int transport(
            int version, int protocol, byte[] buffer, int addressesOffset, int messageOffset, int messageLength) {
        long sum = pseudoHeader(version, protocol, buffer, addressesOffset, messageLength);
        return finish(sum(sum, buffer, messageOffset, messageLength));
    }

    /** The running sum of the pseudo-header of a message; parameters as of {@link #transport}. */
    static long pseudoHeader(int version, int protocol, byte[] buffer, int addressesOffset, int messageLength) {
        int addresses = 2 * (version == 4 ? IpAddress.IPV4_LENGTH : IpAddress.IPV6_LENGTH);
        return sum(protocol + (long) messageLength, buffer, addressesOffset, addresses);
    }

    /** The checksum after one of the summed 16-bit words changed (RFC 1624 eqn. 3). Not for UDP. */
    public static int update(int checksum, int before, int after) {
        return finish((~checksum & 0xffffL) + (~before & 0xffffL) + (after & 0xffffL));
    }

    /** As {@link #update}, where a checksum of 0 means "none" and stays so, and is never the result of an update. */
    public static int updateUdp(int checksum, int before, int after) {
        if (checksum == 0) {
            return 0;
        }
        int updated = update(checksum, before, after);
        return updated == 0 ? 0xffff : updated;
    }

    private static int fold(long sum) {
        long folded = (sum >>> 32) + (sum & WORD);
        folded = (folded >>> 16) + (folded & 0xffff);
        folded = (folded >>> 16) + (folded & 0xffff);
        folded = (folded >>> 16) + (folded & 0xffff);
        return (int) folded;
    }

    private static int turned(int sum) {
        return LITTLE_ENDIAN ? (sum & 0xff) << 8 | sum >>> 8 : sum;
    }
}
