package dev.sluice.datapath.connectivity;

import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Copies of packets that wait for a connection, at most 128 of them; a further one pushes the oldest out. */
final class HeldPackets {
    static final int CAPACITY = 128;

    private final ArrayDeque<byte[]> packets = new ArrayDeque<>();

    /** @return false if the oldest packet had to go for this one */
    boolean add(byte[] buffer, int offset, int length) {
        boolean room = packets.size() < CAPACITY;
        if (!room) {
            packets.removeFirst();
        }
        packets.addLast(Arrays.copyOfRange(buffer, offset, offset + length));
        return room;
    }

    /** Takes the oldest. */
    byte @Nullable [] poll() {
        return packets.pollFirst();
    }

    boolean isEmpty() {
        return packets.isEmpty();
    }
}
