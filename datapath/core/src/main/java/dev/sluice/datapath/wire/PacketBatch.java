package dev.sluice.datapath.wire;

import java.util.Objects;

/**
 * A bounded number of packets in one array, one behind the other, each with room before it, so that a header can be put
 * in front without copying. A packet may be a super-packet, which stands for several of one flow ({@link Segmenter}).
 * For one thread.
 *
 * <pre>
 *   | headroom | packet | free | headroom | packet | free | ...
 *              ^ offset(0), length(0)     ^ offset(1), a multiple of 64 behind the end of the first
 * </pre>
 */
public final class PacketBatch {
    /** The bytes before a packet that whoever passes it on may overwrite: for the header of a device. */
    public static final int HEADROOM = 16;

    private static final int ALIGNMENT = 64;

    private final byte[] buffer;
    private final int headroom;
    private final int packetLength;
    private final int[] offsets;
    private final int[] lengths;
    private final int[] segmentSizes;
    private int size;
    private int end;

    /**
     * A batch that takes as many packets of the longest kind as it has slots.
     *
     * @param slots the most packets at a time
     * @param headroom bytes kept free before each packet
     * @param packetLength the longest packet, in bytes
     */
    public PacketBatch(int slots, int headroom, int packetLength) {
        this(slots, headroom, packetLength, Math.multiplyExact(slots, headroom + packetLength + ALIGNMENT));
    }

    /**
     * A batch that is full once it has no slot, or no room for a packet of the longest kind.
     *
     * @param bytes the room for all packets, headroom included
     */
    public PacketBatch(int slots, int headroom, int packetLength, int bytes) {
        if (slots < 1 || headroom < 0 || packetLength < 1 || bytes < headroom + packetLength) {
            throw new IllegalArgumentException("a batch needs slots, packets a length, and one must fit");
        }
        this.headroom = headroom;
        this.packetLength = packetLength;
        this.buffer = new byte[bytes];
        this.offsets = new int[slots];
        this.lengths = new int[slots];
        this.segmentSizes = new int[slots];
    }

    /** The array that holds all packets. */
    public byte[] buffer() {
        return buffer;
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public boolean isFull() {
        return size == offsets.length || end + headroom + packetLength > buffer.length;
    }

    /** The longest packet that {@link #append} takes. */
    public int packetLength() {
        return packetLength;
    }

    public int offset(int index) {
        return offsets[Objects.checkIndex(index, size)];
    }

    public int length(int index) {
        return lengths[Objects.checkIndex(index, size)];
    }

    /** Of a super-packet, the payload of each packet that it stands for; 0 for any other. */
    public int segmentSize(int index) {
        return segmentSizes[Objects.checkIndex(index, size)];
    }

    /** Copies a packet in behind the others; false, with nothing changed, if it is too long or there is no room. */
    public boolean append(byte[] packet, int offset, int length) {
        if (isFull() || length > packetLength) {
            return false;
        }
        System.arraycopy(packet, offset, buffer, nextOffset(), length);
        commit(length, 0);
        return true;
    }

    /** Where the next packet goes, for those who write it in place and then {@link #commit} it. Not when full. */
    public int nextOffset() {
        if (isFull()) {
            throw new IndexOutOfBoundsException("the batch is full");
        }
        return end + headroom;
    }

    /** Ends a packet that was written at {@link #nextOffset}. */
    public void commit(int length, int segmentSize) {
        Objects.checkFromIndexSize(0, length, packetLength);
        int offset = nextOffset();
        offsets[size] = offset;
        lengths[size] = length;
        segmentSizes[size] = segmentSize;
        size++;
        end = offset + length + ALIGNMENT - 1 & -ALIGNMENT;
    }

    /** Hands every packet over, in order. The batch keeps them. */
    public void forEach(PacketSink sink) {
        for (int i = 0; i < size; i++) {
            sink.accept(buffer, offsets[i], lengths[i]);
        }
    }

    public void clear() {
        size = 0;
        end = 0;
    }
}
