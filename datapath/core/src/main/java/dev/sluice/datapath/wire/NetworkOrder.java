package dev.sluice.datapath.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Unsigned and signed integers in network byte order (big-endian) at any offset of a byte array.
 *
 * <p>Offsets need no alignment. An offset outside of the array throws {@link IndexOutOfBoundsException}: the codecs
 * above check lengths first.
 */
public final class NetworkOrder {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private NetworkOrder() {}

    /** The byte at {@code offset}, 0 to 255. */
    public static int unsignedByte(byte[] buffer, int offset) {
        return buffer[offset] & 0xff;
    }

    /** The two bytes at {@code offset}, 0 to 65535. */
    public static int unsignedShort(byte[] buffer, int offset) {
        return (short) SHORT.get(buffer, offset) & 0xffff;
    }

    public static int getInt(byte[] buffer, int offset) {
        return (int) INT.get(buffer, offset);
    }

    /** The four bytes at {@code offset}, 0 to 2³²−1. */
    public static long unsignedInt(byte[] buffer, int offset) {
        return (int) INT.get(buffer, offset) & 0xffff_ffffL;
    }

    public static long getLong(byte[] buffer, int offset) {
        return (long) LONG.get(buffer, offset);
    }

    /** Writes the low 8 bits of {@code value}. */
    public static void putByte(byte[] buffer, int offset, int value) {
        buffer[offset] = (byte) value;
    }

    /** Writes the low 16 bits of {@code value}. */
    public static void putShort(byte[] buffer, int offset, int value) {
        SHORT.set(buffer, offset, (short) value);
    }

    public static void putInt(byte[] buffer, int offset, int value) {
        INT.set(buffer, offset, value);
    }

    public static void putLong(byte[] buffer, int offset, long value) {
        LONG.set(buffer, offset, value);
    }
}
