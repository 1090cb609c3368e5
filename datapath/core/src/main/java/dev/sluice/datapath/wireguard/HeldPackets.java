package dev.sluice.datapath.wireguard;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Copies of packets that wait for a session, in order. */
final class HeldPackets {
    /** More than this do not wait: enough for a flight of a young TCP connection. */
    static final int CAPACITY = 128;

    private final Deque<byte[]> packets = new ArrayDeque<>();

    /** False if it is full. */
    boolean add(byte[] buffer, int offset, int length) {
        return packets.size() < CAPACITY && packets.add(Arrays.copyOfRange(buffer, offset, offset + length));
    }

    byte @Nullable [] peek() {
        return packets.peek();
    }

    void remove() {
        packets.remove();
    }
}
