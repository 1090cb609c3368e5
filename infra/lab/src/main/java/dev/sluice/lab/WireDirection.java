package dev.sluice.lab;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.PriorityQueue;
import java.util.concurrent.locks.LockSupport;

/** One direction of a wire: a thread that reads frames and one that lets them arrive when they are due. */
final class WireDirection {
    /** The most frames under way; more are lost. Bounds memory, far above what a wire of the lab carries. */
    private static final int MOST_UNDER_WAY = 20_000;

    /** Below this a sleep costs more than it saves. */
    private static final long SHORTEST_SLEEP = 20_000;

    private record Due(long at, long order, byte[] frame) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            // The monotonic clock may wrap: times compare by their difference.
            int byTime = Long.signum(at - other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final FrameTap from;
    private final FrameTap to;
    private final PriorityQueue<Due> underWay = new PriorityQueue<>();
    private final Thread writer;
    private long order;
    private volatile Impairment.Fates fates;

    private WireDirection(String name, FrameTap from, FrameTap to, Impairment.Fates fates) {
        this.from = from;
        this.to = to;
        this.fates = fates;
        this.writer = Thread.ofPlatform().name(name + " writer").daemon().unstarted(this::write);
    }

    static WireDirection start(String name, FrameTap from, FrameTap to, Impairment.Fates fates) {
        WireDirection direction = new WireDirection(name, from, to, fates);
        direction.writer.start();
        Thread.ofPlatform().name(name + " reader").daemon().start(direction::read);
        return direction;
    }

    void change(Impairment.Fates changed) {
        fates = changed;
    }

    private void read() {
        Arena arena = Arena.ofAuto();
        MemorySegment buffer = arena.allocate(FrameTap.LARGEST_FRAME);
        MemorySegment state = Linux.state(arena);
        while (true) {
            int length = from.read(buffer, state);
            if (length <= 0) {
                // A device that is down refuses to be read until it is up.
                LockSupport.parkNanos(1_000_000);
                continue;
            }
            Impairment.Fates current = fates;
            long arrival = current.arrival(length, System.nanoTime());
            boolean twice = current.duplicated();
            if (arrival != Impairment.Fates.LOST) {
                byte[] frame = buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
                add(frame, arrival);
                if (twice) {
                    add(frame, arrival);
                }
            }
        }
    }

    private void add(byte[] frame, long arrival) {
        boolean first;
        synchronized (underWay) {
            if (underWay.size() >= MOST_UNDER_WAY) {
                return;
            }
            Due due = new Due(arrival, order++, frame);
            underWay.add(due);
            first = due.equals(underWay.peek());
        }
        if (first) {
            LockSupport.unpark(writer);
        }
    }

    private void write() {
        Linux.sleepPrecisely();
        Arena arena = Arena.ofAuto();
        MemorySegment buffer = arena.allocate(FrameTap.LARGEST_FRAME);
        MemorySegment state = Linux.state(arena);
        while (true) {
            Due next;
            long left;
            synchronized (underWay) {
                next = underWay.peek();
                left = next == null ? Long.MAX_VALUE : next.at - System.nanoTime();
                if (left <= 0) {
                    underWay.poll();
                }
            }
            if (next == null) {
                LockSupport.park();
            } else if (left > SHORTEST_SLEEP) {
                LockSupport.parkNanos(left);
            } else if (left > 0) {
                Thread.onSpinWait();
            } else {
                MemorySegment.copy(next.frame, 0, buffer, ValueLayout.JAVA_BYTE, 0, next.frame.length);
                to.write(buffer.asSlice(0, next.frame.length), state);
            }
        }
    }
}
