package dev.sluice.datapath.io;

import dev.sluice.datapath.wire.Endpoint;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The headers of many messages a call, as {@code recvmmsg(2)} and {@code sendmmsg(2)} take them on 64-bit Linux, each with
 * one piece of payload, an address and control messages. Native memory that lives until nobody refers to it.
 *
 * <pre>
 *   mmsghdr, 64 bytes
 *    0  msg_name *       8  msg_namelen (4), pad     16  msg_iov *       24  msg_iovlen (8)
 *   32  msg_control *   40  msg_controllen (8)       48  msg_flags (4), pad
 *   56  msg_len (4), pad
 *   iovec, 16 bytes:  0  iov_base *   8  iov_len (8)
 * </pre>
 */
final class MessageHeaders {
    private static final int HEADER_LENGTH = 64;
    private static final int NAME_LENGTH_FIELD_OFFSET = 8;
    private static final int VECTOR_FIELD_OFFSET = 16;
    private static final int VECTOR_COUNT_FIELD_OFFSET = 24;
    private static final int CONTROL_FIELD_OFFSET = 32;
    private static final int CONTROL_LENGTH_FIELD_OFFSET = 40;
    private static final int FLAGS_FIELD_OFFSET = 48;
    private static final int LENGTH_FIELD_OFFSET = 56;
    private static final int VECTOR_LENGTH = 16;
    private static final int NAME_LENGTH = 32;

    private final MemorySegment headers;
    private final MemorySegment vectors;
    private final MemorySegment names;
    private final MemorySegment payload;
    private final ControlMessages control;

    /** The headers from each message on: made once, for a slice is an object. */
    private final MemorySegment[] from;

    /** @param payloadBytes for all messages together */
    MessageHeaders(int slots, int payloadBytes) {
        Arena arena = Arena.ofAuto();
        headers = arena.allocate((long) slots * HEADER_LENGTH, Long.BYTES);
        vectors = arena.allocate((long) slots * VECTOR_LENGTH, Long.BYTES);
        names = arena.allocate((long) slots * NAME_LENGTH, Long.BYTES);
        payload = arena.allocate(payloadBytes, Long.BYTES);
        control = new ControlMessages(arena, slots);
        from = new MemorySegment[slots];
        for (int i = 0; i < slots; i++) {
            from[i] = headers.asSlice(header(i));
            headers.set(ValueLayout.ADDRESS, header(i), names.asSlice(name(i), NAME_LENGTH));
            headers.set(
                    ValueLayout.ADDRESS, header(i) + VECTOR_FIELD_OFFSET, vectors.asSlice(vector(i), VECTOR_LENGTH));
            headers.set(ValueLayout.JAVA_LONG, header(i) + VECTOR_COUNT_FIELD_OFFSET, 1);
            headers.set(ValueLayout.ADDRESS, header(i) + CONTROL_FIELD_OFFSET, control.slot(i));
        }
    }

    ControlMessages control() {
        return control;
    }

    MemorySegment payload() {
        return payload;
    }

    /** The headers from a message on. */
    MemorySegment from(int index) {
        return from[index];
    }

    /** Where a message's payload lies, or is to lie. */
    void piece(int index, long position, int length) {
        vectors.set(ValueLayout.JAVA_LONG, vector(index), payload.address() + position);
        length(index, length);
    }

    void length(int index, int length) {
        vectors.set(ValueLayout.JAVA_LONG, vector(index) + Long.BYTES, length);
    }

    void remote(int index, Endpoint remote) {
        SocketAddress.write(names, name(index), remote);
        headers.set(
                ValueLayout.JAVA_INT, header(index) + NAME_LENGTH_FIELD_OFFSET, SocketAddress.length(remote.address()));
    }

    Endpoint remote(int index, EndpointCache cache) {
        return cache.read(names, name(index));
    }

    void controlLength(int index, long length) {
        headers.set(ValueLayout.JAVA_LONG, header(index) + CONTROL_LENGTH_FIELD_OFFSET, length);
    }

    long controlLength(int index) {
        return headers.get(ValueLayout.JAVA_LONG, header(index) + CONTROL_LENGTH_FIELD_OFFSET);
    }

    /** How much was received. */
    int received(int index) {
        return headers.get(ValueLayout.JAVA_INT, header(index) + LENGTH_FIELD_OFFSET);
    }

    /** Makes a message ready to be received into. */
    void expect(int index, int length) {
        headers.set(ValueLayout.JAVA_INT, header(index) + NAME_LENGTH_FIELD_OFFSET, NAME_LENGTH);
        headers.set(ValueLayout.JAVA_INT, header(index) + FLAGS_FIELD_OFFSET, 0);
        controlLength(index, ControlMessages.SLOT_LENGTH);
        length(index, length);
    }

    private static long header(int slot) {
        return (long) slot * HEADER_LENGTH;
    }

    private static long vector(int slot) {
        return (long) slot * VECTOR_LENGTH;
    }

    private static long name(int slot) {
        return (long) slot * NAME_LENGTH;
    }
}
