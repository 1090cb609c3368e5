package dev.sluice.datapath.app;

import java.time.Duration;

/**
 * Notices another machine with this device's id: a device that comes back replaces its own connection once, and two
 * machines do it to each other again and again.
 */
final class SharedId {
    static final String SAID =
            "another machine connects with this device's id, and the two throw each other out: one of"
                    + " them is a copy. Remove the id's file from its state directory (/var/lib/sluice as root), or start it with"
                    + " an --id of its own";

    private static final int REPLACEMENTS = 3;
    private static final long APART = Duration.ofMinutes(2).toNanos();

    private int inARow;
    private long last;

    /** The portal closed a connection for a later one; says whether that was another machine's. */
    boolean replaced(long now) {
        inARow = inARow > 0 && now - last < APART ? inARow + 1 : 1;
        last = now;
        return inARow >= REPLACEMENTS;
    }
}
