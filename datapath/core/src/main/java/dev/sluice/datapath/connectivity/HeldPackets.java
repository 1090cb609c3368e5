package dev.sluice.datapath.connectivity;

import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.PacketLedger;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Copies of packets that wait for a connection, at most 128 of them; a further one pushes the oldest out. */
final class HeldPackets {
    static final int CAPACITY = 128;

    private final ArrayDeque<byte[]> packets = new ArrayDeque<>();
    private final PacketLedger ledger;

    HeldPackets(PacketLedger ledger) {
        this.ledger = ledger;
    }

    void hold(byte[] buffer, int offset, int length) {
        if (packets.size() == CAPACITY) {
            release();
            ledger.drop(DropReason.QUEUE_FULL);
        }
        ledger.hold();
        packets.addLast(Arrays.copyOfRange(buffer, offset, offset + length));
    }

    /** Takes the oldest, of which the caller then has to give account; null if there is none. */
    byte @Nullable [] release() {
        byte[] packet = packets.pollFirst();
        if (packet != null) {
            ledger.release();
        }
        return packet;
    }

    boolean isEmpty() {
        return packets.isEmpty();
    }
}
