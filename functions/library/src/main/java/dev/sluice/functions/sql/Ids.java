package dev.sluice.functions.sql;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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
    private static final Pattern UUID_TEXT = Pattern.compile("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}");

    private Ids() {}

    public static UUID next() {
        return at(InstantSource.system().millis(), RANDOM.nextLong(), RANDOM.nextLong());
    }

    /** The identifier that this text is; null if it is none. */
    public static @Nullable UUID parse(String text) {
        // UUID's own reading also takes "1-1-1-1-1".
        return UUID_TEXT.matcher(text).matches() ? UUID.fromString(text) : null;
    }

    static UUID at(long milliseconds, long randomA, long randomB) {
        long high = milliseconds << 16 | 0x7000 | randomA & 0x0FFF;
        long low = 1L << 63 | randomB & 0x3FFF_FFFF_FFFF_FFFFL;
        return new UUID(high, low);
    }
}
