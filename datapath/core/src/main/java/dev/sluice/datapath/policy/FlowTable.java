package dev.sluice.datapath.policy;

import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.IpProtocol;
import dev.sluice.datapath.wire.NetworkOrder;
import dev.sluice.datapath.wire.TcpHeader;
import java.time.Duration;

/**
 * The flows that one client has opened, so that nothing reaches it but answers: a grant lets a client reach a resource,
 * and not the resource's hosts every port of the client.
 *
 * <p>A flow is protocol, both addresses and both ports (of an echo its identifier; of other protocols none). Each packet
 * that the client sends keeps it, and each answer; without any it is forgotten after the time of its protocol. A TCP
 * connection is begun by the client alone: a segment with SYN and without ACK never passes towards it. A table that has
 * just been made knows nothing of connections that are older than itself: for a while their segments pass by the grant
 * alone, as long as they could not begin a connection.
 *
 * <p>Bounded, for a client and in all ({@link Budget}): where there is no room, the flow of a bucket that was silent the
 * longest gives way. So a client that opens very many loses its own. Asking allocates nothing; growing does, seldom. For
 * one thread.
 */
public final class FlowTable {
    /** How long a TCP connection may be silent (RFC 5382 §5, REQ-5: at least 2 h 4 min). */
    static final long TCP_IDLE = Duration.ofMinutes(124).toNanos();

    /** How long one that has ended is kept for its last segments (RFC 5382 §5: 4 min). */
    static final long TCP_ENDED = Duration.ofMinutes(4).toNanos();

    /** As recommended by RFC 4787 §4.3, REQ-5. */
    static final long OTHER_IDLE = Duration.ofMinutes(5).toNanos();

    /** How long a new table passes TCP segments of connections that it has not seen begin. */
    static final long LEARNING = Duration.ofMinutes(2).toNanos();

    private static final long NEVER = Long.MIN_VALUE;
    private static final int WAYS = 8;
    private static final int FEWEST = 64;
    private static final int MOST = 16_384;

    /** Of a slot: remote address (2 longs), protocol with both ports, last use. A use of 0 is a free slot. */
    private static final int SLOT = 4;

    private static final int FLOW = 2;
    private static final int USED = 3;
    private static final long ENDED = 1L << 63;
    private static final int ACK = TcpHeader.ACK;
    private static final int SYN_AND_ACK = TcpHeader.SYN | TcpHeader.ACK;

    private final Budget budget;
    private long firstPacket = NEVER;
    private long[] slots = new long[FEWEST * SLOT];
    private long high;
    private long low;
    private long flow;

    /** Slots that all tables of a process share beyond the few that each has anyway. For one thread. */
    public static final class Budget {
        private long free;

        public Budget(long slots) {
            free = slots;
        }

        private boolean take(int count) {
            if (free < count) {
                return false;
            }
            free -= count;
            return true;
        }
    }

    public FlowTable(Budget budget) {
        this.budget = budget;
    }

    /**
     * The client sends this packet, and may.
     *
     * @param now monotonic, in nanoseconds, as in all methods
     */
    public void sent(IpPacket packet, long now) {
        key(packet, packet.destinationOffset(), packet.sourcePort(), packet.destinationPort(), now);
        int slot = find();
        boolean known = slot >= 0;
        if (!known) {
            slot = free(now);
        }
        boolean ended = known && slots[slot + USED] < 0 && !packet.isTcpSyn();
        slots[slot] = high;
        slots[slot + 1] = low;
        slots[slot + FLOW] = flow;
        slots[slot + USED] = stamp(now, ended || endsConnection(packet));
    }

    /** Whether a packet towards the client answers one of its flows. */
    public boolean answers(IpPacket packet, long now) {
        if (packet.isTcpSyn() || packet.isEchoRequest()) {
            return false;
        }
        key(packet, packet.sourceOffset(), packet.destinationPort(), packet.sourcePort(), now);
        int slot = find();
        if (slot >= 0 && isLive(slots[slot + FLOW], slots[slot + USED], now)) {
            slots[slot + USED] = stamp(now, slots[slot + USED] < 0 || endsConnection(packet));
            return true;
        }
        return packet.isTcp() && learns(now) && (packet.tcpFlags() & SYN_AND_ACK) == ACK;
    }

    /** Whether a packet that an ICMP error quotes is one of the client's. */
    public boolean sentBefore(IpPacket quoted, long now) {
        key(quoted, quoted.destinationOffset(), quoted.sourcePort(), quoted.destinationPort(), now);
        int slot = find();
        return slot >= 0 && isLive(slots[slot + FLOW], slots[slot + USED], now) || quoted.isTcp() && learns(now);
    }

    /** How many flows there is room for. */
    int capacity() {
        return slots.length / SLOT;
    }

    /** Gives back what it took of the budget; it is not used any more. */
    public void release() {
        budget.free += capacity() - FEWEST;
    }

    /** From its first packet on, for a while. */
    private boolean learns(long now) {
        return now - firstPacket < LEARNING;
    }

    private void key(IpPacket packet, int remoteAddress, int localPort, int remotePort, long now) {
        if (firstPacket == NEVER) {
            firstPacket = now;
        }
        byte[] buffer = packet.buffer();
        if (packet.version() == 4) {
            high = 0;
            low = Integer.toUnsignedLong(NetworkOrder.getInt(buffer, remoteAddress));
        } else {
            high = NetworkOrder.getLong(buffer, remoteAddress);
            low = NetworkOrder.getLong(buffer, remoteAddress + Long.BYTES);
        }
        int both = packet.isIcmp() ? packet.icmpIdentifier() : localPort << 16 | remotePort;
        flow = (long) packet.version() << 40 | (long) packet.protocol() << 32 | Integer.toUnsignedLong(both);
    }

    /** The slot of the key, −1 if there is none. */
    private int find() {
        int first = bucket(slots, high, low, flow);
        for (int slot = first; slot < first + WAYS * SLOT; slot += SLOT) {
            if (slots[slot] == high
                    && slots[slot + 1] == low
                    && slots[slot + FLOW] == flow
                    && slots[slot + USED] != 0) {
                return slot;
            }
        }
        return -1;
    }

    /** A slot for the key: free, or of the flow that gives way. */
    private int free(long now) {
        int oldest = oldest(now);
        boolean live = isLive(slots[oldest + FLOW], slots[oldest + USED], now);
        if (live && capacity() < MOST && budget.take(capacity())) {
            grow();
            oldest = oldest(now);
        }
        return oldest;
    }

    /** In the key's bucket: a slot that is free or whose flow is forgotten, else the one that was silent the longest. */
    private int oldest(long now) {
        int first = bucket(slots, high, low, flow);
        int oldest = first;
        for (int slot = first; slot < first + WAYS * SLOT; slot += SLOT) {
            if (!isLive(slots[slot + FLOW], slots[slot + USED], now)) {
                return slot;
            }
            if ((slots[slot + USED] & ~ENDED) < (slots[oldest + USED] & ~ENDED)) {
                oldest = slot;
            }
        }
        return oldest;
    }

    /** Of twice as many buckets, each takes a part of one: there is room in it. */
    private void grow() {
        long[] larger = new long[slots.length * 2];
        for (int slot = 0; slot < slots.length; slot += SLOT) {
            if (slots[slot + USED] != 0) {
                int free = bucket(larger, slots[slot], slots[slot + 1], slots[slot + FLOW]);
                while (larger[free + USED] != 0) {
                    free += SLOT;
                }
                System.arraycopy(slots, slot, larger, free, SLOT);
            }
        }
        slots = larger;
    }

    private static int bucket(long[] slots, long high, long low, long flow) {
        long mixed = (high * 31 + low) * 0x9e3779b97f4a7c15L ^ flow * 0xc2b2ae3d27d4eb4fL;
        int hash = (int) (mixed ^ mixed >>> 32 ^ mixed >>> 47);
        int buckets = slots.length / SLOT / WAYS;
        return (hash & buckets - 1) * WAYS * SLOT;
    }

    private static boolean isLive(long flow, long used, long now) {
        boolean tcp = (flow >>> 32 & 0xff) == IpProtocol.TCP;
        long idle = !tcp ? OTHER_IDLE : used < 0 ? TCP_ENDED : TCP_IDLE;
        return used != 0 && now - (used & ~ENDED) < idle;
    }

    private static long stamp(long now, boolean ended) {
        long used = Math.max(1, now);
        return ended ? used | ENDED : used;
    }

    private static boolean endsConnection(IpPacket packet) {
        return (packet.tcpFlags() & (TcpHeader.FIN | TcpHeader.RST)) != 0;
    }
}
