package dev.sluice.datapath.app;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Who else changes what is ours on the host, and how soon it is put back: at once at first; with someone who takes it
 * away again and again, later and later, and never not at all.
 */
final class ForeignHands {
    private static final System.Logger LOG = System.getLogger(ForeignHands.class.getName());

    /** So often it is put back at once. */
    private static final int PATIENCE = 20;

    /** After this long without a loss the next one is a first again. */
    private static final long QUIET = Duration.ofMinutes(1).toNanos();

    private static final long FIRST_DELAY_MILLIS = 100;

    /** With a barrier nothing leaves in clear meanwhile, and the regular look is soon enough. */
    private static final long LONGEST_DELAY_MILLIS = HostWorker.LOOK_INTERVAL.toMillis();

    private static final long LONGEST_DELAY_WITHOUT_BARRIER_MILLIS = 200;

    private final boolean barrier;
    private final AtomicLong restored = new AtomicLong();
    private volatile String program = "";
    private volatile int inARow;
    private volatile long lastLoss;

    ForeignHands(boolean barrier) {
        this.barrier = barrier;
    }

    /** How many rules, routes and addresses were put back. */
    long restored() {
        return restored.get();
    }

    /** A program, if it is known, has changed something. */
    void seen(String name) {
        if (!name.isEmpty()) {
            program = name;
        }
    }

    /** How long to wait before the next look. */
    long delayMillis(long now) {
        if (inARow <= PATIENCE || now - lastLoss > QUIET) {
            return 0;
        }
        long longest = barrier ? LONGEST_DELAY_MILLIS : LONGEST_DELAY_WITHOUT_BARRIER_MILLIS;
        return Math.min(longest, FIRST_DELAY_MILLIS << Math.min(inARow - PATIENCE, 16));
    }

    /** These were missing, and are there again. */
    void restored(List<String> missing, long now) {
        restored.addAndGet(missing.size());
        inARow = now - lastLoss > QUIET ? 1 : inARow + 1;
        lastLoss = now;
        String who = program.isEmpty() ? "another program" : program;
        program = "";
        String what = missing.size() == 1
                ? missing.getFirst()
                : missing.getFirst() + " and " + (missing.size() - 1) + " more";
        if (inARow == 1) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    who + " took away what leads into the tunnel (" + what
                            + "); it is there again"
                            + (barrier
                                    ? ", and nothing left in clear"
                                    : ", and packets may have left in clear meanwhile"));
        } else if (inARow == PATIENCE + 1) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    who + " takes away what leads into the tunnel again and again ("
                            + what
                            + "): it is put back later each time. Tell it to leave tables 20931 to 20934, rules 20100 to"
                            + " 20400 and the tunnel's interface alone");
        } else {
            LOG.log(System.Logger.Level.DEBUG, () -> who + " took away " + what + "; it is there again");
        }
    }
}
