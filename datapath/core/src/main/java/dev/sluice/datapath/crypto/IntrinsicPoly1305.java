package dev.sluice.datapath.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Poly1305 (RFC 8439 §2.5) over {@link JdkIntrinsics}: the blocks are the JDK's, the key and the last reduction are
 * done here on the limbs, so that nothing is allocated.
 */
final class IntrinsicPoly1305 implements Poly1305 {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int LIMB_BITS = 26;
    private static final long LIMB = (1L << LIMB_BITS) - 1;

    private final Object authenticator = JdkIntrinsics.newAuthenticator();
    private final long[] a = JdkIntrinsics.accumulator(authenticator);
    private final long[] r = JdkIntrinsics.multiplier(authenticator);
    private long padLow;
    private long padHigh;

    @Override
    public void start(byte[] key) {
        long low = (long) LONG.get(key, 0) & 0x0ffffffc0fffffffL;
        long high = (long) LONG.get(key, 8) & 0x0ffffffc0ffffffcL;
        r[0] = low & LIMB;
        r[1] = low >>> 26 & LIMB;
        r[2] = (low >>> 52 | high << 12) & LIMB;
        r[3] = high >>> 14 & LIMB;
        r[4] = high >>> 40;
        padLow = (long) LONG.get(key, 16);
        padHigh = (long) LONG.get(key, 24);
        a[0] = 0;
        a[1] = 0;
        a[2] = 0;
        a[3] = 0;
        a[4] = 0;
    }

    @Override
    public void blocks(byte[] input, int offset, int length) {
        if (length > 0) {
            try {
                JdkIntrinsics.AUTHENTICATE.invokeExact(authenticator, input, offset, length, a, r);
            } catch (Throwable failure) {
                throw new IllegalStateException("the JDK's Poly1305 failed", failure);
            }
        }
    }

    @Override
    public void finish(byte[] tag, int offset) {
        long h0 = a[0];
        long h1 = a[1];
        long h2 = a[2];
        long h3 = a[3];
        long h4 = a[4];
        // The limbs come with carries, and from the interpreter with signs; three rounds settle both.
        for (int round = 0; round < 3; round++) {
            h1 += h0 >> LIMB_BITS;
            h0 &= LIMB;
            h2 += h1 >> LIMB_BITS;
            h1 &= LIMB;
            h3 += h2 >> LIMB_BITS;
            h2 &= LIMB;
            h4 += h3 >> LIMB_BITS;
            h3 &= LIMB;
            h0 += 5 * (h4 >> LIMB_BITS);
            h4 &= LIMB;
        }
        h1 += h0 >> LIMB_BITS;
        h0 &= LIMB;
        // Subtract 2^130 - 5 if the rest is not below it, without a branch.
        long g0 = h0 + 5;
        long g1 = h1 + (g0 >> LIMB_BITS);
        long g2 = h2 + (g1 >> LIMB_BITS);
        long g3 = h3 + (g2 >> LIMB_BITS);
        long g4 = h4 + (g3 >> LIMB_BITS) - (1L << LIMB_BITS);
        long keep = g4 >> 63;
        h0 = h0 & keep | g0 & LIMB & ~keep;
        h1 = h1 & keep | g1 & LIMB & ~keep;
        h2 = h2 & keep | g2 & LIMB & ~keep;
        h3 = h3 & keep | g3 & LIMB & ~keep;
        h4 = h4 & keep | g4 & LIMB & ~keep;
        long low = h0 | h1 << 26 | h2 << 52;
        long high = h2 >>> 12 | h3 << 14 | h4 << 40;
        long sum = low + padLow;
        long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
        LONG.set(tag, offset, sum);
        LONG.set(tag, offset + Long.BYTES, high + padHigh + carry);
    }

    @Override
    public void erase() {
        Arrays.fill(a, 0);
        Arrays.fill(r, 0);
        padLow = 0;
        padHigh = 0;
    }
}
