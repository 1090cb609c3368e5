package dev.sluice.datapath.client;

import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.PacketLedger;
import dev.sluice.datapath.wire.PacketSink;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;

/**
 * Packets that wait, each once: an application that gets no answer repeats itself, and the repetitions must not arrive
 * together. A packet that is here byte for byte already is not kept; a repeated TCP SYN, which differs in its timestamp,
 * takes the place of the earlier one. When {@value #CAPACITY} wait, the oldest goes.
 */
final class UniquePackets {
    static final int CAPACITY = 128;

    private record Held(byte[] bytes, boolean syn) {}

    private final ArrayDeque<Held> packets = new ArrayDeque<>();
    private final IpPacket waiting = new IpPacket();
    private final PacketLedger ledger;

    UniquePackets(PacketLedger ledger) {
        this.ledger = ledger;
    }

    /** Keeps a copy of the packet. Every packet given here is in the ledger as held, or dropped. */
    void add(IpPacket packet) {
        byte[] bytes = Arrays.copyOfRange(packet.buffer(), packet.offset(), packet.offset() + packet.totalLength());
        Iterator<Held> earlier = packets.iterator();
        while (earlier.hasNext()) {
            Held held = earlier.next();
            if (Arrays.equals(held.bytes, bytes)) {
                ledger.drop(DropReason.DUPLICATE);
                return;
            }
            if (held.syn && packet.isTcpSyn() && sameFlow(held.bytes, packet)) {
                earlier.remove();
                ledger.release();
                ledger.drop(DropReason.DUPLICATE);
            }
        }
        if (packets.size() == CAPACITY) {
            packets.removeFirst();
            ledger.release();
            ledger.drop(DropReason.QUEUE_FULL);
        }
        packets.addLast(new Held(bytes, packet.isTcpSyn()));
        ledger.hold();
    }

    /** Hands over all packets, oldest first. What becomes of them is the sink's to count. */
    void drainTo(PacketSink sink) {
        while (!packets.isEmpty()) {
            byte[] bytes = packets.removeFirst().bytes;
            ledger.release();
            sink.accept(bytes, 0, bytes.length);
        }
    }

    void drop(DropReason reason) {
        while (!packets.isEmpty()) {
            packets.removeFirst();
            ledger.release();
            ledger.drop(reason);
        }
    }

    int size() {
        return packets.size();
    }

    private boolean sameFlow(byte[] bytes, IpPacket packet) {
        return waiting.wrap(bytes, 0, bytes.length) == IpPacket.Status.VALID
                && waiting.version() == packet.version()
                && waiting.sourcePort() == packet.sourcePort()
                && waiting.destinationPort() == packet.destinationPort()
                && waiting.source().equals(packet.source())
                && waiting.destination().equals(packet.destination());
    }
}
