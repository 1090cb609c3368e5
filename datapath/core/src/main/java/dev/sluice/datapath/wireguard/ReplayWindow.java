package dev.sluice.datapath.wireguard;

/**
 * Which counters of a session were seen: a sliding window over a ring of words (RFC 6479), so that moving it forward
 * clears whole words and shifts nothing. Counters are unsigned.
 */
final class ReplayWindow {
    private static final int WORDS = 128;

    /** How far behind the highest counter an unseen one is still accepted: one word is always being filled. */
    static final int SIZE = (WORDS - 1) * Long.SIZE;

    private final long[] ring = new long[WORDS];
    private long highest;

    /** Whether {@link #accept} would take the counter: cheap enough to ask before decrypting. */
    boolean accepts(long counter) {
        if (Long.compareUnsigned(counter, highest) > 0) {
            return true;
        }
        return Long.compareUnsigned(highest - counter, SIZE) < 0 && (ring[word(counter)] & bit(counter)) == 0;
    }

    /** Takes an authenticated counter; false if it was seen or is too old to tell. */
    boolean accept(long counter) {
        if (!accepts(counter)) {
            return false;
        }
        if (Long.compareUnsigned(counter, highest) > 0) {
            long steps = Math.min((counter >>> 6) - (highest >>> 6), WORDS);
            for (long i = 1; i <= steps; i++) {
                ring[(int) ((highest >>> 6) + i) & WORDS - 1] = 0;
            }
            highest = counter;
        }
        ring[word(counter)] |= bit(counter);
        return true;
    }

    private static int word(long counter) {
        return (int) (counter >>> 6) & WORDS - 1;
    }

    private static long bit(long counter) {
        return 1L << counter;
    }
}
