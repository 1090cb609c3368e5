package dev.sluice.datapath.io;

import dev.sluice.datapath.wire.Endpoint;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Native memory for many datagrams a call, as {@code recvmmsg(2)} and {@code sendmmsg(2)} take it on 64-bit Linux. Each
 * slot has its place for payload and address for ever; a call only fills in lengths.
 *
 * <pre>
 *   mmsghdr, 64 bytes
 *    0  msg_name *       8  msg_namelen (4), pad     16  msg_iov *       24  msg_iovlen (8)
 *   32  msg_control *   40  msg_controllen (8)       48  msg_flags (4), pad
 *   56  msg_len (4), pad
 *   iovec, 16 bytes:  0  iov_base *   8  iov_len (8)
 * </pre>
 */
final class MessageVector {
    private static final int HEADER_LENGTH = 64;
    private static final int NAME_LENGTH_FIELD_OFFSET = 8;
    private static final int VECTOR_FIELD_OFFSET = 16;
    private static final int VECTOR_COUNT_FIELD_OFFSET = 24;
    private static final int FLAGS_FIELD_OFFSET = 48;
    private static final int LENGTH_FIELD_OFFSET = 56;
    private static final int VECTOR_LENGTH = 16;
    private static final int NAME_LENGTH = 32;
    private static final int CONTROL_FIELD_OFFSET = 32;
    private static final int CONTROL_LENGTH_FIELD_OFFSET = 40;

    private final int slots;
    private final int datagramLength;
    private final MemorySegment headers;
    private final MemorySegment vectors;
    private final MemorySegment names;
    private final MemorySegment payloads;
    private final @Nullable PacketInfo info;
    private int size;

    /**
     * Lives until nobody refers to it.
     *
     * @param chosen whether each datagram has a local address of its own, as on a socket for all addresses
     */
    MessageVector(int slots, int datagramLength, boolean chosen) {
        this.slots = slots;
        this.datagramLength = datagramLength;
        Arena arena = Arena.ofAuto();
        headers = arena.allocate((long) slots * HEADER_LENGTH, Long.BYTES);
        vectors = arena.allocate((long) slots * VECTOR_LENGTH, Long.BYTES);
        names = arena.allocate((long) slots * NAME_LENGTH, Long.BYTES);
        payloads = arena.allocate((long) slots * datagramLength, Long.BYTES);
        for (int i = 0; i < slots; i++) {
            long header = header(i);
            headers.set(ValueLayout.ADDRESS, header, names.asSlice(name(i), NAME_LENGTH));
            headers.set(ValueLayout.ADDRESS, header + VECTOR_FIELD_OFFSET, vectors.asSlice(vector(i), VECTOR_LENGTH));
            headers.set(ValueLayout.JAVA_LONG, header + VECTOR_COUNT_FIELD_OFFSET, 1);
            vectors.set(ValueLayout.ADDRESS, vector(i), payloads.asSlice(payload(i), datagramLength));
        }
        info = chosen ? new PacketInfo(arena, slots) : null;
        if (info != null) {
            for (int i = 0; i < slots; i++) {
                headers.set(ValueLayout.ADDRESS, header(i) + CONTROL_FIELD_OFFSET, info.slot(i));
            }
        }
    }

    boolean isFull() {
        return size == slots;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int datagramLength() {
        return datagramLength;
    }

    /**
     * Appends a datagram to be sent; it fits, and a slot is free.
     *
     * @param local the address that it is to leave from, on a socket for all addresses; unspecified for any
     */
    void append(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length) {
        if (info != null) {
            long control = local.address().isUnspecified() ? 0 : info.write(size, local, remote.scope());
            headers.set(ValueLayout.JAVA_LONG, header(size) + CONTROL_LENGTH_FIELD_OFFSET, control);
        }
        MemorySegment.copy(buffer, offset, payloads, ValueLayout.JAVA_BYTE, payload(size), length);
        SocketAddress.write(names, name(size), remote);
        headers.set(
                ValueLayout.JAVA_INT, header(size) + NAME_LENGTH_FIELD_OFFSET, SocketAddress.length(remote.address()));
        vectors.set(ValueLayout.JAVA_LONG, vector(size) + Long.BYTES, length);
        size++;
    }

    /**
     * Sends everything and is empty. What the kernel does not take is given up: a datagram at a time where it refuses
     * one, the rest where it has no room, as a full queue of a router would.
     *
     * @return how many were given up
     */
    int send(int socket) {
        int lost = 0;
        int next = 0;
        while (next < size) {
            int sent = Libc.sendmmsg(socket, headers.asSlice(header(next)), size - next);
            if (sent > 0) {
                next += sent;
            } else if (sent == -Libc.EAGAIN) {
                lost += size - next;
                next = size;
            } else if (sent != -Libc.EINTR) {
                lost++;
                next++;
            }
        }
        size = 0;
        return lost;
    }

    /**
     * Fills {@code batch}, which is empty, with what waits.
     *
     * @param local the socket's
     */
    void receive(int socket, Endpoint local, DatagramBatch batch, EndpointCache cache) {
        for (int i = 0; i < slots; i++) {
            if (info != null) {
                headers.set(ValueLayout.JAVA_LONG, header(i) + CONTROL_LENGTH_FIELD_OFFSET, PacketInfo.SLOT_LENGTH);
            }
            headers.set(ValueLayout.JAVA_INT, header(i) + NAME_LENGTH_FIELD_OFFSET, NAME_LENGTH);
            headers.set(ValueLayout.JAVA_INT, header(i) + FLAGS_FIELD_OFFSET, 0);
            vectors.set(ValueLayout.JAVA_LONG, vector(i) + Long.BYTES, datagramLength);
        }
        int received;
        do {
            received = Libc.recvmmsg(socket, headers, slots);
        } while (received == -Libc.EINTR);
        for (int i = 0; i < received; i++) {
            int length = headers.get(ValueLayout.JAVA_INT, header(i) + LENGTH_FIELD_OFFSET);
            MemorySegment.copy(
                    payloads,
                    ValueLayout.JAVA_BYTE,
                    payload(i),
                    batch.packets().buffer(),
                    batch.packets().nextOffset(),
                    length);
            Endpoint own = info == null
                    ? local
                    : info.read(i, headers.get(ValueLayout.JAVA_LONG, header(i) + CONTROL_LENGTH_FIELD_OFFSET), local);
            batch.commit(own, cache.read(names, name(i)), length);
        }
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

    private long payload(int slot) {
        return (long) slot * datagramLength;
    }
}
