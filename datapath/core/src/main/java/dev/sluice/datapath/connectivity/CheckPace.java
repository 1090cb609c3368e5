package dev.sluice.datapath.connectivity;

import dev.sluice.datapath.wireguard.Timing;

/**
 * How often a pair of candidates is checked, in nanoseconds.
 *
 * @param firstRepetition a check without an answer is repeated after this, then after twice as much, and so on
 * @param interval … up to this, which is also the time between checks that are answered
 * @param timeout a pair has failed when this has passed since the first of its unanswered checks
 */
record CheckPace(long firstRepetition, long interval, long timeout) {
    /** Doublings after which any first repetition has reached its interval. */
    private static final int MOST_DOUBLINGS = 16;

    static CheckPace active(Timing timing) {
        return new CheckPace(timing.iceRto(), timing.iceMaxRto(), timing.iceTimeout());
    }

    static CheckPace idle(Timing timing) {
        return new CheckPace(timing.iceIdleRto(), timing.iceIdleRto(), timing.iceIdleTimeout());
    }

    /** The time from the last check to the next, when the last {@code unanswered} of them have no answer. */
    long pause(int unanswered) {
        if (unanswered == 0) {
            return interval;
        }
        return Math.min(interval, firstRepetition << Math.min(unanswered - 1, MOST_DOUBLINGS));
    }
}
