package dev.sluice.datapath.policy;

import java.util.Arrays;

/**
 * Bounds the ICMP errors that one peer is sent, for each of its resources: a token bucket by the generic cell rate
 * algorithm (ITU-T I.371), in nanoseconds of the monotonic clock.
 *
 * <p>Buckets are a fixed number, chosen by the hash of the resource or, where no resource is known, of the address:
 * what an attacker names takes no memory. Two that share a bucket share its rate. For one thread.
 */
public final class IcmpRateLimit {
    private static final int PER_SECOND = 10;
    private static final int BURST = 20;
    private static final int BUCKETS = 64;

    private static final long INTERVAL = 1_000_000_000L / PER_SECOND;
    private static final long TOLERANCE = (BURST - 1) * INTERVAL;

    /** For each bucket, when it would be empty of errors that were sent. */
    private final long[] emptyAt = new long[BUCKETS];

    private boolean started;
    private long suppressed;

    /**
     * Takes a token.
     *
     * @param key the hash of a resource id or an address
     * @param now monotonic nanoseconds
     * @return whether an error may be sent; if not, it counts as {@link #suppressed}
     */
    public boolean tryAcquire(int key, long now) {
        if (!started) {
            Arrays.fill(emptyAt, now);
            started = true;
        }
        int bucket = (key * 0x9e3779b1) >>> 26;
        long ahead = Math.max(0, emptyAt[bucket] - now);
        if (ahead > TOLERANCE) {
            suppressed++;
            return false;
        }
        emptyAt[bucket] = now + ahead + INTERVAL;
        return true;
    }

    /** The errors that were not sent. */
    public long suppressed() {
        return suppressed;
    }
}
