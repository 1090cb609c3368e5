package dev.sluice.datapath.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The account of every packet at one point: received + originated = delivered + consumed + dropped + held.
 *
 * <p>A packet enters by {@link #receive} or {@link #originate} and leaves by exactly one of {@link #deliver},
 * {@link #consume} and {@link #drop}; while it waits in a queue it counts as held. One thread writes; any thread reads,
 * and sees a balanced account whenever no packet is on its way. A super-packet counts as the packets that it stands for.
 */
public final class PacketLedger {
    private static final VarHandle COUNTERS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final DropReason[] REASONS = DropReason.values();

    private static final int RECEIVED = 0;
    private static final int ORIGINATED = 1;
    private static final int DELIVERED = 2;
    private static final int CONSUMED = 3;
    private static final int HELD = 4;
    private static final int DROPPED = 5;

    private final long[] counters = new long[DROPPED + REASONS.length];

    /** A packet came in. */
    public void receive() {
        receive(1);
    }

    /** So many packets came in. */
    public void receive(int packets) {
        add(RECEIVED, packets);
    }

    /** A packet was made here. */
    public void originate() {
        add(ORIGINATED, 1);
    }

    /** A packet was passed on. */
    public void deliver() {
        deliver(1);
    }

    /** So many packets were passed on. */
    public void deliver(int packets) {
        add(DELIVERED, packets);
    }

    /** A packet was for this point itself and ended here. */
    public void consume() {
        add(CONSUMED, 1);
    }

    public void drop(DropReason reason) {
        drop(reason, 1);
    }

    public void drop(DropReason reason, int packets) {
        add(DROPPED + reason.ordinal(), packets);
    }

    /** A packet began to wait. */
    public void hold() {
        add(HELD, 1);
    }

    /** A packet that waited goes on: what becomes of it is counted beside this. */
    public void release() {
        add(HELD, -1);
    }

    public long received() {
        return get(RECEIVED);
    }

    public long originated() {
        return get(ORIGINATED);
    }

    public long delivered() {
        return get(DELIVERED);
    }

    public long consumed() {
        return get(CONSUMED);
    }

    /** The number of packets that wait now. */
    public long held() {
        return get(HELD);
    }

    public long dropped(DropReason reason) {
        return get(DROPPED + reason.ordinal());
    }

    /** Of all reasons together. */
    public long dropped() {
        long sum = 0;
        for (DropReason reason : REASONS) {
            sum += dropped(reason);
        }
        return sum;
    }

    public Counts counts() {
        Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
        for (DropReason reason : REASONS) {
            long count = dropped(reason);
            if (count != 0) {
                dropped.put(reason, count);
            }
        }
        return new Counts(received(), originated(), delivered(), consumed(), dropped, held());
    }

    private long get(int counter) {
        return (long) COUNTERS.getOpaque(counters, counter);
    }

    private void add(int counter, long amount) {
        COUNTERS.setOpaque(counters, counter, counters[counter] + amount);
    }

    /**
     * What a ledger held when it was asked.
     *
     * @param dropped without the reasons that never occurred
     */
    public record Counts(
            long received, long originated, long delivered, long consumed, Map<DropReason, Long> dropped, long held) {
        public static final Counts NONE = new Counts(0, 0, 0, 0, Map.of(), 0);

        public Counts {
            Map<DropReason, Long> sorted = new EnumMap<>(DropReason.class);
            sorted.putAll(dropped);
            dropped = Collections.unmodifiableMap(sorted);
        }

        public Counts plus(Counts other) {
            Map<DropReason, Long> sum = new EnumMap<>(DropReason.class);
            sum.putAll(dropped);
            other.dropped.forEach((reason, count) -> sum.merge(reason, count, Long::sum));
            return new Counts(
                    received + other.received,
                    originated + other.originated,
                    delivered + other.delivered,
                    consumed + other.consumed,
                    sum,
                    held + other.held);
        }

        /** Whether every packet is accounted for. */
        public boolean balanced() {
            long out = delivered + consumed + held;
            for (long count : dropped.values()) {
                out += count;
            }
            return received + originated == out;
        }
    }
}
