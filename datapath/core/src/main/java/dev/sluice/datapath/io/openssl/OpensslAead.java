package dev.sluice.datapath.io.openssl;

import dev.sluice.datapath.crypto.Aead;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * RFC 8439 §2.8 by OpenSSL, in native memory that a thread's instances share: packets are copied in and out. What is opened
 * comes out once its tag was found right.
 *
 * <pre>
 *   scratch   | nonce, 12 | length, 4 | associated data | … | packet | tag, 16 |
 * </pre>
 */
final class OpensslAead implements Aead {
    private static final int NONCE_LENGTH = 12;
    private static final int COUNTER_OFFSET = 4;
    private static final int LENGTH_OFFSET = 12;
    private static final int ASSOCIATED_OFFSET = 16;
    private static final int MOST_ASSOCIATED = 1024;
    private static final int PACKET_OFFSET = ASSOCIATED_OFFSET + MOST_ASSOCIATED;
    private static final int LONGEST = 65_536;
    private static final int ENCRYPTS = 1;
    private static final int DECRYPTS = 0;

    private static final ValueLayout.OfLong COUNTER =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    /** Places in the memory of one thread: made once, for a slice is an object. */
    private static final class Scratch {
        private final MemorySegment memory = Arena.ofAuto().allocate(PACKET_OFFSET + LONGEST + TAG_LENGTH, 64);
        private final MemorySegment nonce = memory.asSlice(0, NONCE_LENGTH);
        private final MemorySegment length = memory.asSlice(LENGTH_OFFSET, Integer.BYTES);
        private final MemorySegment associated = memory.asSlice(ASSOCIATED_OFFSET, MOST_ASSOCIATED);
        private final MemorySegment packet = memory.asSlice(PACKET_OFFSET);
    }

    private final MemorySegment context = LibCrypto.newContext();
    private boolean destroyed;

    OpensslAead(byte[] key) {
        if (key.length != KEY_LENGTH) {
            throw new IllegalArgumentException("an AEAD key has 32 bytes, not " + key.length);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocateFrom(ValueLayout.JAVA_BYTE, key);
            MemorySegment cipher = (MemorySegment) LibCrypto.CIPHER.invokeExact();
            init(cipher, MemorySegment.NULL, MemorySegment.NULL, ENCRYPTS);
            control(LibCrypto.SET_NONCE_LENGTH, NONCE_LENGTH, MemorySegment.NULL);
            init(MemorySegment.NULL, copy, MemorySegment.NULL, ENCRYPTS);
            copy.fill((byte) 0);
        } catch (Throwable failure) {
            throw LibCrypto.failed(failure);
        }
    }

    @Override
    public int seal(
            long counter, byte[] associated, byte[] plaintext, int offset, int length, byte[] out, int outOffset) {
        Objects.checkFromIndexSize(offset, length, plaintext.length);
        Objects.checkFromIndexSize(outOffset, length + TAG_LENGTH, out.length);
        Objects.checkFromToIndex(0, length, LONGEST);
        Scratch scratch = SCRATCH.get();
        start(scratch, counter, associated, ENCRYPTS);
        MemorySegment.copy(plaintext, offset, scratch.memory, ValueLayout.JAVA_BYTE, PACKET_OFFSET, length);
        update(scratch, scratch.packet, scratch.packet, length);
        if (finish(scratch) != 1) {
            throw new IllegalStateException("OpenSSL could not seal a packet");
        }
        MemorySegment.copy(scratch.memory, ValueLayout.JAVA_BYTE, PACKET_OFFSET, out, outOffset, length);
        // The packet has been copied out: the tag may take its place.
        control(LibCrypto.GET_TAG, TAG_LENGTH, scratch.packet);
        MemorySegment.copy(scratch.memory, ValueLayout.JAVA_BYTE, PACKET_OFFSET, out, outOffset + length, TAG_LENGTH);
        return length + TAG_LENGTH;
    }

    @Override
    public int open(
            long counter, byte[] associated, byte[] ciphertext, int offset, int length, byte[] out, int outOffset) {
        int plain = length - TAG_LENGTH;
        if (plain < 0 || plain > LONGEST || destroyed) {
            return FORGED;
        }
        Objects.checkFromIndexSize(offset, length, ciphertext.length);
        Objects.checkFromIndexSize(outOffset, plain, out.length);
        Scratch scratch = SCRATCH.get();
        MemorySegment.copy(
                ciphertext, offset + plain, scratch.memory, ValueLayout.JAVA_BYTE, PACKET_OFFSET, TAG_LENGTH);
        start(scratch, counter, associated, DECRYPTS);
        control(LibCrypto.SET_TAG, TAG_LENGTH, scratch.packet);
        MemorySegment.copy(ciphertext, offset, scratch.memory, ValueLayout.JAVA_BYTE, PACKET_OFFSET, plain);
        update(scratch, scratch.packet, scratch.packet, plain);
        if (finish(scratch) != 1) {
            return FORGED;
        }
        MemorySegment.copy(scratch.memory, ValueLayout.JAVA_BYTE, PACKET_OFFSET, out, outOffset, plain);
        return plain;
    }

    @Override
    public void destroy() {
        destroyed = true;
        try {
            int ignored = (int) LibCrypto.RESET.invokeExact(context);
        } catch (Throwable failure) {
            throw LibCrypto.failed(failure);
        }
    }

    private void start(Scratch scratch, long counter, byte[] associated, int direction) {
        scratch.memory.set(ValueLayout.JAVA_INT, 0, 0);
        scratch.memory.set(COUNTER, COUNTER_OFFSET, counter);
        init(MemorySegment.NULL, MemorySegment.NULL, scratch.nonce, direction);
        if (associated.length > 0) {
            Objects.checkFromToIndex(0, associated.length, MOST_ASSOCIATED);
            MemorySegment.copy(
                    associated, 0, scratch.memory, ValueLayout.JAVA_BYTE, ASSOCIATED_OFFSET, associated.length);
            update(scratch, MemorySegment.NULL, scratch.associated, associated.length);
        }
    }

    private void init(MemorySegment cipher, MemorySegment key, MemorySegment nonce, int direction) {
        try {
            check((int) LibCrypto.INIT.invokeExact(context, cipher, MemorySegment.NULL, key, nonce, direction));
        } catch (Throwable failure) {
            throw LibCrypto.failed(failure);
        }
    }

    private void update(Scratch scratch, MemorySegment out, MemorySegment in, int length) {
        try {
            check((int) LibCrypto.UPDATE.invokeExact(context, out, scratch.length, in, length));
        } catch (Throwable failure) {
            throw LibCrypto.failed(failure);
        }
    }

    private int finish(Scratch scratch) {
        try {
            return (int) LibCrypto.FINISH.invokeExact(context, scratch.packet, scratch.length);
        } catch (Throwable failure) {
            throw LibCrypto.failed(failure);
        }
    }

    private void control(int type, int argument, MemorySegment pointer) {
        try {
            check((int) LibCrypto.CONTROL.invokeExact(context, type, argument, pointer));
        } catch (Throwable failure) {
            throw LibCrypto.failed(failure);
        }
    }

    private static void check(int result) {
        if (result != 1) {
            throw new IllegalStateException("OpenSSL refused a call that never fails");
        }
    }
}
