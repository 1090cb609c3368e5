package dev.sluice.datapath.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Poly1305 in plain Java for processors where the JDK has no vector code for it: three limbs of 44, 44 and 42 bits.
 *
 * <p>A product of two limbs is taken apart at bit 44 by two multiplications: the lower part is the low word of
 * {@code h * r}, masked; the upper part is the high word of {@code h * (r << 20)}. So sums of parts never overflow 64
 * bits, and no carry has to be detected. What passes 2^132 comes back times 20, since 2^130 is 5 here.
 */
final class PlainPoly1305 implements Poly1305 {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LIMB = (1L << 44) - 1;
    private static final long TOP = (1L << 42) - 1;

    /** Every block counts as if followed by a byte of value 1: bit 128, in the third limb. */
    private static final long BLOCK_END = 1L << 40;

    private static final int SHIFT = 20;

    private long r0;
    private long r1;
    private long r2;
    private long h0;
    private long h1;
    private long h2;
    private long padLow;
    private long padHigh;

    @Override
    public void start(byte[] key) {
        long low = (long) LONG.get(key, 0) & 0x0ffffffc0fffffffL;
        long high = (long) LONG.get(key, 8) & 0x0ffffffc0ffffffcL;
        r0 = low & LIMB;
        r1 = (low >>> 44 | high << 20) & LIMB;
        r2 = high >>> 24;
        padLow = (long) LONG.get(key, 16);
        padHigh = (long) LONG.get(key, 24);
        h0 = 0;
        h1 = 0;
        h2 = 0;
    }

    @Override
    public void blocks(byte[] input, int offset, int length) {
        long a0 = h0;
        long a1 = h1;
        long a2 = h2;
        long b0 = r0;
        long b1 = r1;
        long b2 = r2;
        long c0 = b0 << SHIFT;
        long c1 = b1 << SHIFT;
        long c2 = b2 << SHIFT;
        for (int end = offset + length; offset < end; offset += BLOCK_LENGTH) {
            long low = (long) LONG.get(input, offset);
            long high = (long) LONG.get(input, offset + 8);
            a0 += low & LIMB;
            a1 += (low >>> 44 | high << 20) & LIMB;
            a2 += high >>> 24 | BLOCK_END;
            long e0 = (a0 * b0 & LIMB)
                    + 20
                            * ((a1 * b2 & LIMB)
                                    + (a2 * b1 & LIMB)
                                    + Math.unsignedMultiplyHigh(a0, c2)
                                    + Math.unsignedMultiplyHigh(a1, c1)
                                    + Math.unsignedMultiplyHigh(a2, c0));
            long e1 = (a0 * b1 & LIMB)
                    + (a1 * b0 & LIMB)
                    + Math.unsignedMultiplyHigh(a0, c0)
                    + 20 * ((a2 * b2 & LIMB) + Math.unsignedMultiplyHigh(a1, c2) + Math.unsignedMultiplyHigh(a2, c1));
            long e2 = (a0 * b2 & LIMB)
                    + (a1 * b1 & LIMB)
                    + (a2 * b0 & LIMB)
                    + Math.unsignedMultiplyHigh(a0, c1)
                    + Math.unsignedMultiplyHigh(a1, c0)
                    + 20 * Math.unsignedMultiplyHigh(a2, c2);
            e1 += e0 >>> 44;
            e2 += e1 >>> 44;
            a0 = (e0 & LIMB) + 5 * (e2 >>> 42);
            a1 = e1 & LIMB;
            a2 = e2 & TOP;
        }
        h0 = a0;
        h1 = a1;
        h2 = a2;
    }

    @Override
    public void finish(byte[] tag, int offset) {
        long a0 = h0;
        long a1 = h1;
        long a2 = h2;
        for (int round = 0; round < 2; round++) {
            a1 += a0 >>> 44;
            a0 &= LIMB;
            a2 += a1 >>> 44;
            a1 &= LIMB;
            a0 += 5 * (a2 >>> 42);
            a2 &= TOP;
        }
        a1 += a0 >>> 44;
        a0 &= LIMB;
        // Subtract 2^130 - 5 if the rest is not below it, without a branch.
        long g0 = a0 + 5;
        long g1 = a1 + (g0 >>> 44);
        long g2 = a2 + (g1 >>> 44) - (1L << 42);
        long keep = g2 >> 63;
        a0 = a0 & keep | g0 & LIMB & ~keep;
        a1 = a1 & keep | g1 & LIMB & ~keep;
        a2 = a2 & keep | g2 & TOP & ~keep;
        long low = a0 | a1 << 44;
        long high = a1 >>> 20 | a2 << 24;
        long sum = low + padLow;
        long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
        LONG.set(tag, offset, sum);
        LONG.set(tag, offset + Long.BYTES, high + padHigh + carry);
    }

    @Override
    public void erase() {
        r0 = 0;
        r1 = 0;
        r2 = 0;
        h0 = 0;
        h1 = 0;
        h2 = 0;
        padLow = 0;
        padHigh = 0;
    }
}
