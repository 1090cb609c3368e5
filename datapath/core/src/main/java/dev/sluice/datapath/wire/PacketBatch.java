package dev.sluice.datapath.wire;

import java.util.Objects;

/**
 * A bounded number of packets in one array, each in a slot of its own with room before it, so that a header can be put
 * in front without copying. For one thread.
 *
 * <pre>
 *   slot 0                      slot 1
 *   | headroom | packet | free | headroom | packet | free | ...
 *              ^ offset(0), length(0)
 * </pre>
 */
public final class PacketBatch {
    /** The bytes before a packet that whoever passes it on may overwrite: for the header of a device. */
    public static final int HEADROOM = 16;

    private final byte[] buffer;
    private final int headroom;
    private final int slotLength;
    private final int[] offsets;
    private final int[] lengths;
    private int size;

    /**
     * @param slots the most packets at a time
     * @param headroom bytes kept free before each packet
     * @param packetLength the longest packet, in bytes
     */
    public PacketBatch(int slots, int headroom, int packetLength) {
        if (slots < 1 || headroom < 0 || packetLength < 1) {
            throw new IllegalArgumentException("a batch needs slots, and packets a length");
        }
        this.headroom = headroom;
        this.slotLength = headroom + packetLength;
        this.buffer = new byte[Math.multiplyExact(slots, slotLength)];
        this.offsets = new int[slots];
        this.lengths = new int[slots];
    }

    /** The array that holds all packets. */
    public byte[] buffer() {
        return buffer;
    }

    public int size() {
        return size;
    }

    public int capacity() {
        return offsets.length;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public boolean isFull() {
        return size == offsets.length;
    }

    /** The longest packet that {@link #append} takes. */
    public int packetLength() {
        return slotLength - headroom;
    }

    public int offset(int index) {
        return offsets[Objects.checkIndex(index, size)];
    }

    public int length(int index) {
        return lengths[Objects.checkIndex(index, size)];
    }

    /** Copies a packet into the next slot; false, with nothing changed, if it is too long or no slot is free. */
    public boolean append(byte[] packet, int offset, int length) {
        if (isFull() || length > packetLength()) {
            return false;
        }
        System.arraycopy(packet, offset, buffer, nextOffset(), length);
        commit(length);
        return true;
    }

    /** Where the next packet goes, for those who write it in place and then {@link #commit} it. Not when full. */
    public int nextOffset() {
        return Objects.checkIndex(size, offsets.length) * slotLength + headroom;
    }

    /** Ends a packet that was written at {@link #nextOffset}. */
    public void commit(int length) {
        Objects.checkFromIndexSize(0, length, packetLength());
        offsets[size] = nextOffset();
        lengths[size] = length;
        size++;
    }

    /** Moves a packet's bounds within its slot: into the headroom, or to a part of the slot. */
    public void reframe(int index, int offset, int length) {
        int slot = Objects.checkIndex(index, size) * slotLength;
        Objects.checkFromIndexSize(offset - slot, length, slotLength);
        offsets[index] = offset;
        lengths[index] = length;
    }

    /** Hands every packet over, in order. The batch keeps them. */
    public void forEach(PacketSink sink) {
        for (int i = 0; i < size; i++) {
            sink.accept(buffer, offsets[i], lengths[i]);
        }
    }

    public void clear() {
        size = 0;
    }
}
