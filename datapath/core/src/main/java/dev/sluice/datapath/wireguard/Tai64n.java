package dev.sluice.datapath.wireguard;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;

/**
 * TAI64N timestamps: 8 bytes of seconds and 4 of nanoseconds, big-endian, so that their order is that of their bytes.
 *
 * <pre>
 *   0 +---------------------------------------------------------------+
 *     |        2^62 + 10 + seconds since the epoch (64 bits)          |
 *   8 +---------------------------------------------------------------+
 *     |                    Nanoseconds (32 bits)                      |
 *  12 +---------------------------------------------------------------+
 * </pre>
 */
final class Tai64n {
    static final int LENGTH = 12;

    private static final long EPOCH = 0x4000_0000_0000_000aL;

    /** About 17 ms: the clock is not shown more exactly than this, as other implementations do too. */
    static final int STEP = 0x100_0000;

    private static final int COARSE = -STEP;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private Tai64n() {}

    /** The timestamp of an instant, but always greater than {@code previous}: a clock may stand still or be set back. */
    static byte[] after(byte[] previous, Instant instant) {
        byte[] timestamp = of(instant.getEpochSecond(), instant.getNano() & COARSE);
        if (Arrays.compareUnsigned(timestamp, previous) > 0) {
            return timestamp;
        }
        long seconds = (long) LONG.get(previous, 0) - EPOCH;
        int nanoseconds = (int) INT.get(previous, 8) + 1;
        return nanoseconds < 1_000_000_000 ? of(seconds, nanoseconds) : of(seconds + 1, 0);
    }

    private static byte[] of(long seconds, int nanoseconds) {
        byte[] timestamp = new byte[LENGTH];
        LONG.set(timestamp, 0, EPOCH + seconds);
        INT.set(timestamp, 8, nanoseconds);
        return timestamp;
    }
}
