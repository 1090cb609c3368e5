package dev.sluice.datapath.policy;

import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.IpProtocol;
import dev.sluice.datapath.wire.NetworkOrder;
import dev.sluice.datapath.wire.PacketLedger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parts of larger packets (RFC 791 §3.2, RFC 8200 §4.5). The first one has the ports; this table lends them to the others,
 * so that each is decided by itself, by what holds at its own instant: nothing is put together, and no verdict is
 * remembered. A part that comes before the first one waits for it.
 *
 * <p>Refused are parts that overlap (RFC 5722), a TCP part that begins within the header (RFC 3128), and, by {@link
 * IpPacket#wrap}, a first part without the whole transport header. Bounded in packets, in time, and in bytes that wait. For
 * one direction and one thread.
 */
public final class Fragments {
    /** How many packets may be under way in parts. */
    static final int MOST_PACKETS = 256;

    /** How many parts of a packet may wait for the first. */
    static final int MOST_WAITING = 16;

    /** What may wait in all. */
    static final int MOST_WAITING_BYTES = 4 << 20;

    /** How long a part waits for the first. */
    static final long PATIENCE = Duration.ofSeconds(1).toNanos();

    /** How long a packet's parts may take; what comes later has no ports any more. */
    static final long LIFETIME = Duration.ofSeconds(10).toNanos();

    private static final int UNIT = 8;
    private static final int UNITS = 65_536 / UNIT;
    private static final int FIRST_TCP_UNIT = 1;

    private enum Fate {
        DECIDE,
        WAIT,
        REFUSE
    }

    private final IpPacket packet;
    private final PacketLedger ledger;
    private final List<Parts> packets = new ArrayList<>();
    private final List<Parts> spare = new ArrayList<>();
    private int waitingBytes;

    /** What is known of one packet. */
    private static final class Parts {
        private final long[] seen = new long[UNITS / Long.SIZE];
        private final List<byte[]> waiting = new ArrayList<>();
        private int version;
        private long sourceHigh;
        private long sourceLow;
        private long destinationHigh;
        private long destinationLow;
        private long identity;
        private boolean first;
        private boolean refused;
        private int transport;
        private int ports;
        private int icmpType;
        private long begun;
    }

    /**
     * For what a path wraps.
     *
     * @param packet the path's own
     * @param ledger has counted a part as received
     */
    public Fragments(IpPacket packet, PacketLedger ledger) {
        this.packet = packet;
        this.ledger = ledger;
    }

    /**
     * Takes the part that the path has wrapped.
     *
     * @param decide decides about what is wrapped: this part, if its ports are known, and after a first part each that has
     *     waited for it
     */
    public void pass(Runnable decide, long now) {
        boolean first = !packet.isLaterFragment();
        Parts parts = find();
        if (parts == null) {
            parts = open(now);
        }
        switch (accept(parts)) {
            case REFUSE -> ledger.drop(DropReason.FRAGMENT);
            case WAIT -> ledger.hold();
            case DECIDE -> {
                decide.run();
                if (first) {
                    release(parts, decide);
                }
            }
        }
    }

    /** Gives up what has waited for too long. */
    public void handleTimeout(long now) {
        for (int i = packets.size() - 1; i >= 0; i--) {
            Parts parts = packets.get(i);
            if (!parts.first && now - parts.begun >= PATIENCE) {
                giveUp(parts);
            }
            if (now - parts.begun >= LIFETIME) {
                packets.remove(i);
                spare.add(parts);
            }
        }
    }

    /** When {@link #handleTimeout} has something to do, {@link Long#MAX_VALUE} for never. */
    public long nextTimeout() {
        long next = Long.MAX_VALUE;
        for (Parts parts : packets) {
            next = Math.min(next, parts.begun + (parts.waiting.isEmpty() ? LIFETIME : PATIENCE));
        }
        return next;
    }

    private Fate accept(Parts parts) {
        boolean within = packet.protocol() == IpProtocol.TCP && packet.fragmentOffset() == FIRST_TCP_UNIT * UNIT;
        if (parts.refused || within || !mark(parts)) {
            parts.refused = true;
            return Fate.REFUSE;
        }
        if (packet.fragmentOffset() == 0) {
            parts.first = true;
            parts.transport = packet.protocol();
            parts.ports = packet.flowPorts();
            parts.icmpType = packet.icmpType();
            return Fate.DECIDE;
        }
        if (parts.first) {
            packet.lend(parts.transport, parts.ports, parts.icmpType);
            return Fate.DECIDE;
        }
        int length = packet.totalLength();
        if (parts.waiting.size() == MOST_WAITING || waitingBytes + length > MOST_WAITING_BYTES) {
            return Fate.REFUSE;
        }
        parts.waiting.add(Arrays.copyOfRange(packet.buffer(), packet.offset(), packet.offset() + length));
        waitingBytes += length;
        return Fate.WAIT;
    }

    private void release(Parts parts, Runnable decide) {
        List<byte[]> waiting = List.copyOf(parts.waiting);
        forget(parts);
        for (byte[] part : waiting) {
            ledger.release();
            packet.wrap(part, 0, part.length);
            packet.lend(parts.transport, parts.ports, parts.icmpType);
            decide.run();
        }
    }

    private void giveUp(Parts parts) {
        for (int i = 0; i < parts.waiting.size(); i++) {
            ledger.release();
            ledger.drop(DropReason.FRAGMENT);
        }
        forget(parts);
    }

    private void forget(Parts parts) {
        parts.waiting.forEach(part -> waitingBytes -= part.length);
        parts.waiting.clear();
    }

    /** False if some of it is there already, or it is longer than any packet. */
    private boolean mark(Parts parts) {
        int from = packet.fragmentOffset() / UNIT;
        int to = from + (packet.fragmentLength() + UNIT - 1) / UNIT;
        if (to > UNITS || to == from) {
            return false;
        }
        for (int unit = from; unit < to; unit++) {
            if ((parts.seen[unit / Long.SIZE] & 1L << unit) != 0) {
                return false;
            }
        }
        for (int unit = from; unit < to; unit++) {
            parts.seen[unit / Long.SIZE] |= 1L << unit;
        }
        return true;
    }

    private @Nullable Parts find() {
        for (Parts parts : packets) {
            if (isOf(parts)) {
                return parts;
            }
        }
        return null;
    }

    /** Where there is no room, the oldest gives way. */
    private Parts open(long now) {
        Parts parts;
        if (packets.size() == MOST_PACKETS) {
            parts = packets.removeFirst();
            giveUp(parts);
        } else {
            parts = spare.isEmpty() ? new Parts() : spare.removeLast();
        }
        Arrays.fill(parts.seen, 0);
        parts.first = false;
        parts.refused = false;
        parts.begun = now;
        parts.version = packet.version();
        parts.identity = identity();
        parts.sourceHigh = high(packet.sourceOffset());
        parts.sourceLow = low(packet.sourceOffset());
        parts.destinationHigh = high(packet.destinationOffset());
        parts.destinationLow = low(packet.destinationOffset());
        packets.add(parts);
        return parts;
    }

    private boolean isOf(Parts parts) {
        return parts.version == packet.version()
                && parts.identity == identity()
                && parts.sourceLow == low(packet.sourceOffset())
                && parts.destinationLow == low(packet.destinationOffset())
                && parts.sourceHigh == high(packet.sourceOffset())
                && parts.destinationHigh == high(packet.destinationOffset());
    }

    /** IPv4's identification counts per protocol; IPv6's does not (RFC 791, RFC 8200 §4.5). */
    private long identity() {
        long identification = Integer.toUnsignedLong(packet.fragmentIdentification());
        return packet.version() == 4 ? identification << 8 | packet.protocol() : identification;
    }

    private long high(int address) {
        return packet.version() == 4 ? 0 : NetworkOrder.getLong(packet.buffer(), address);
    }

    private long low(int address) {
        return packet.version() == 4
                ? NetworkOrder.getInt(packet.buffer(), address)
                : NetworkOrder.getLong(packet.buffer(), address + Long.BYTES);
    }
}
