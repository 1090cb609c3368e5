package dev.sluice.datapath.io;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Clock;
import java.time.InstantSource;

/**
 * The time that the shell passes to the cores. The monotonic clock is CLOCK_BOOTTIME: it goes on while the machine
 * sleeps, as the peers' clocks do, which {@link System#nanoTime} on Linux does not.
 */
public final class Clocks {
    private final MemorySegment timespec;

    /** For one thread. */
    public Clocks() {
        timespec = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG, 2);
    }

    /** Nanoseconds since boot, sleep included. */
    public long now() {
        if (Libc.clockGettime(Libc.CLOCK_BOOTTIME, timespec) != 0) {
            throw new IllegalStateException("the kernel has no CLOCK_BOOTTIME; Linux 2.6.39 is the oldest that does");
        }
        return timespec.getAtIndex(ValueLayout.JAVA_LONG, 0) * 1_000_000_000L
                + timespec.getAtIndex(ValueLayout.JAVA_LONG, 1);
    }

    /** The wall clock, for certificates' and grants' times. */
    public static InstantSource wall() {
        return Clock.systemUTC();
    }
}
