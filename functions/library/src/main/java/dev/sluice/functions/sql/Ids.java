package dev.sluice.functions.sql;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;

/**
 * Makes identifiers: UUIDs of version 7 (RFC 9562 section 5.7), which sort by the time of their making, so that new rows
 * lie together.
 *
 * <pre>
 *  0                   1                   2                   3
 * |                 unix_ts_ms (48)               |  ver  |rand_a |
 * |var|                       rand_b (62)                         |
 * </pre>
 */
public final class Ids {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Ids() {}

    public static UUID next() {
        return at(InstantSource.system().millis(), RANDOM.nextLong(), RANDOM.nextLong());
    }

    static UUID at(long milliseconds, long randomA, long randomB) {
        long high = milliseconds << 16 | 0x7000 | randomA & 0x0FFF;
        long low = 1L << 63 | randomB & 0x3FFF_FFFF_FFFF_FFFFL;
        return new UUID(high, low);
    }
}
