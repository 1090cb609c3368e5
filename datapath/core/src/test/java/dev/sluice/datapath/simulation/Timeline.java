package dev.sluice.datapath.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;

/** The time of a world, and what is to happen in it. What is due at one instant happens in the order it was added. */
final class Timeline {
    private static final long START = 1_000_000_000_000L;
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private record Event(long time, long order, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(time, other.time);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private long now = START;
    private long added;

    /** Monotonic nanoseconds. */
    long now() {
        return now;
    }

    Duration elapsed() {
        return Duration.ofNanos(now - START);
    }

    InstantSource clock() {
        return () -> EPOCH.plusNanos(now - START);
    }

    void at(long time, Runnable action) {
        events.add(new Event(Math.max(time, now), added++, action));
    }

    void after(Duration delay, Runnable action) {
        at(now + delay.toNanos(), action);
    }

    /** Lets the next thing happen, if it is due before the end. */
    boolean step(long end) {
        Event next = events.peek();
        if (next == null || next.time > end) {
            now = end;
            return false;
        }
        events.remove();
        now = next.time;
        next.action.run();
        return true;
    }
}
