package dev.sluice.datapath.io;

import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.IpAddress;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Objects;

/**
 * What one socket received together: trains of datagrams, each of one length but the last, which may be shorter. A datagram
 * that came alone is a train of one. Valid during the call that hands it over; for one thread.
 */
public final class DatagramBatch {
    private static final Endpoint NOBODY = new Endpoint(IpAddress.ipv4(0), 0);

    private final byte[] buffer;
    private final int[] offsets;
    private final int[] lengths;
    private final int[] segmentSizes;
    private final Endpoint[] remotes;
    private final Endpoint[] locals;
    private int size;
    private int end;

    DatagramBatch(int slots, int trainLength) {
        buffer = new byte[Math.multiplyExact(slots, trainLength)];
        offsets = new int[slots];
        lengths = new int[slots];
        segmentSizes = new int[slots];
        remotes = new Endpoint[slots];
        Arrays.fill(remotes, NOBODY);
        locals = new Endpoint[slots];
        Arrays.fill(locals, NOBODY);
    }

    /** How many trains there are. */
    public int size() {
        return size;
    }

    /** The array that holds all. */
    public byte[] buffer() {
        return buffer;
    }

    public int offset(int index) {
        return offsets[Objects.checkIndex(index, size)];
    }

    /** Of the whole train. */
    public int length(int index) {
        return lengths[Objects.checkIndex(index, size)];
    }

    /** Of each datagram but the last; at least 1. */
    public int segmentSize(int index) {
        return segmentSizes[Objects.checkIndex(index, size)];
    }

    /** Who sent the train at {@code index}. */
    public Endpoint remote(int index) {
        return remotes[Objects.checkIndex(index, size)];
    }

    /** To which of this host's addresses the train at {@code index} came. */
    public Endpoint local(int index) {
        return locals[Objects.checkIndex(index, size)];
    }

    void clear() {
        size = 0;
        end = 0;
    }

    /**
     * Copies a train in.
     *
     * @param segmentSize 0 where it came alone
     */
    void append(MemorySegment from, long position, int length, int segmentSize, Endpoint local, Endpoint remote) {
        MemorySegment.copy(from, ValueLayout.JAVA_BYTE, position, buffer, end, length);
        offsets[size] = end;
        lengths[size] = length;
        segmentSizes[size] = segmentSize > 0 ? segmentSize : Math.max(1, length);
        locals[size] = local;
        remotes[size] = remote;
        size++;
        end += length;
    }
}
