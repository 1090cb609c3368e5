package dev.sluice.datapath.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * RFC 8439 §2.8 on {@link JdkIntrinsics}. The first block of key stream is the authenticator's key; what the same call
 * yields beyond it is already for the data. Nothing is allocated after construction.
 */
final class IntrinsicAead implements Aead {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int KEY_STREAM_LENGTH = 1024;
    private static final int KEY_STREAM_BLOCK = 64;
    private static final int BLOCK = Poly1305.BLOCK_LENGTH;

    private final int[] state = new int[16];
    private final byte[] keyStream = new byte[KEY_STREAM_LENGTH];
    private final byte[] tail = new byte[2 * BLOCK];
    private final byte[] tag = new byte[TAG_LENGTH];
    private final Poly1305 poly1305;
    private int available;

    IntrinsicAead(byte[] key, Poly1305 poly1305) {
        this.poly1305 = poly1305;
        if (key.length != KEY_LENGTH) {
            throw new IllegalArgumentException("an AEAD key has 32 bytes, not " + key.length);
        }
        state[0] = 0x61707865;
        state[1] = 0x3320646e;
        state[2] = 0x79622d32;
        state[3] = 0x6b206574;
        for (int i = 0; i < 8; i++) {
            state[4 + i] = (int) INT.get(key, 4 * i);
        }
    }

    @Override
    public int seal(
            long counter, byte[] associated, byte[] plaintext, int offset, int length, byte[] out, int outOffset) {
        Objects.checkFromIndexSize(offset, length, plaintext.length);
        Objects.checkFromIndexSize(outOffset, length + TAG_LENGTH, out.length);
        start(counter);
        crypt(plaintext, offset, length, out, outOffset);
        authenticate(associated, out, outOffset, length);
        poly1305.finish(out, outOffset + length);
        return length + TAG_LENGTH;
    }

    @Override
    public int open(
            long counter, byte[] associated, byte[] ciphertext, int offset, int length, byte[] out, int outOffset) {
        int plain = length - TAG_LENGTH;
        if (plain < 0) {
            return FORGED;
        }
        Objects.checkFromIndexSize(offset, length, ciphertext.length);
        Objects.checkFromIndexSize(outOffset, plain, out.length);
        start(counter);
        authenticate(associated, ciphertext, offset, plain);
        poly1305.finish(tag, 0);
        long difference = (long) LONG.get(tag, 0) ^ (long) LONG.get(ciphertext, offset + plain)
                | (long) LONG.get(tag, 8) ^ (long) LONG.get(ciphertext, offset + plain + 8);
        if (difference != 0) {
            return FORGED;
        }
        crypt(ciphertext, offset, plain, out, outOffset);
        return plain;
    }

    @Override
    public void destroy() {
        Arrays.fill(state, 0);
        Arrays.fill(keyStream, (byte) 0);
        poly1305.erase();
    }

    private void start(long counter) {
        state[12] = 0;
        state[13] = 0;
        state[14] = (int) counter;
        state[15] = (int) (counter >>> 32);
        nextKeyStream();
        poly1305.start(keyStream);
    }

    /** How much a call yields depends on the machine, and on whether the method is compiled yet. */
    private void nextKeyStream() {
        try {
            available = (int) JdkIntrinsics.KEY_STREAM.invokeExact(state, keyStream);
        } catch (Throwable failure) {
            throw new IllegalStateException("the JDK's ChaCha20 failed", failure);
        }
        state[12] += available / KEY_STREAM_BLOCK;
    }

    private void crypt(byte[] in, int offset, int length, byte[] out, int outOffset) {
        int position = KEY_STREAM_BLOCK;
        int done = 0;
        while (done < length) {
            if (position == available) {
                nextKeyStream();
                position = 0;
            }
            int size = Math.min(length - done, available - position);
            mix(in, offset + done, keyStream, position, out, outOffset + done, size);
            position += size;
            done += size;
        }
    }

    /** Eight bytes at a time: the JIT compiler makes no vector code of a loop over bytes when it runs in place. */
    private static void mix(
            byte[] in, int offset, byte[] keyStream, int position, byte[] out, int outOffset, int length) {
        int words = length & -Long.BYTES;
        for (int i = 0; i < words; i += Long.BYTES) {
            LONG.set(out, outOffset + i, (long) LONG.get(in, offset + i) ^ (long) LONG.get(keyStream, position + i));
        }
        for (int i = words; i < length; i++) {
            out[outOffset + i] = (byte) (in[offset + i] ^ keyStream[position + i]);
        }
    }

    /** Associated data and ciphertext, each padded to whole blocks, then their lengths. */
    private void authenticate(byte[] associated, byte[] ciphertext, int offset, int length) {
        int whole = associated.length & -BLOCK;
        poly1305.blocks(associated, 0, whole);
        if (whole < associated.length) {
            pad(associated, whole, associated.length - whole);
            poly1305.blocks(tail, 0, BLOCK);
        }
        whole = length & -BLOCK;
        poly1305.blocks(ciphertext, offset, whole);
        int rest = length - whole;
        int padded = 0;
        if (rest > 0) {
            pad(ciphertext, offset + whole, rest);
            padded = BLOCK;
        }
        LONG.set(tail, padded, (long) associated.length);
        LONG.set(tail, padded + Long.BYTES, (long) length);
        poly1305.blocks(tail, 0, padded + BLOCK);
    }

    private void pad(byte[] source, int offset, int length) {
        LONG.set(tail, 0, 0L);
        LONG.set(tail, Long.BYTES, 0L);
        System.arraycopy(source, offset, tail, 0, length);
    }
}
