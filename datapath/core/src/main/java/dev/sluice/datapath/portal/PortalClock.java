package dev.sluice.datapath.portal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The portal's time on our monotonic clock, which goes on while the host sleeps and which nobody sets: so a grant ends
 * when the portal means it to, whatever the host's wall clock shows.
 *
 * <p>What the portal says of its time with each message (the key {@code time}) goes before the {@code Date} of the
 * handshake, which has whole seconds, and that before the host's wall clock, which decides only where neither is known. A
 * message may have been on its way for long: of what one connection says, the latest time counts.
 */
public final class PortalClock {
    /** As far as two hosts that are kept by NTP are never apart. */
    private static final long TOLERANCE_MILLIS = Duration.ofSeconds(30).toMillis();

    private static final long NANOS_PER_MILLI = 1_000_000;

    /** A {@code Date} cuts off the rest of its second: nothing is to last longer for that. */
    private static final long REST_OF_A_SECOND_MILLIS = 999;

    private final InstantSource wall;
    private Source source = Source.NONE;
    private boolean heardOnThisConnection;
    private long offsetMillis;

    private enum Source {
        NONE,
        DATE,
        TIME
    }

    /** @param wall the host's */
    public PortalClock(InstantSource wall) {
        this.wall = wall;
    }

    /** A connection began. */
    void connected(@Nullable Instant date, long now) {
        heardOnThisConnection = false;
        if (date != null && source != Source.TIME) {
            source = Source.DATE;
            offsetMillis = date.toEpochMilli() + REST_OF_A_SECOND_MILLIS - now / NANOS_PER_MILLI;
        }
    }

    /** The portal sent something at {@code millis} of its clock. */
    void heard(long millis, long now) {
        long offset = millis - now / NANOS_PER_MILLI;
        offsetMillis = heardOnThisConnection ? Math.max(offsetMillis, offset) : offset;
        heardOnThisConnection = true;
        source = Source.TIME;
    }

    /**
     * When, on the monotonic clock, it is {@code expiresAtMillis} at the portal.
     *
     * @return nanoseconds; {@link Long#MAX_VALUE} for never
     */
    public long deadline(long expiresAtMillis, long now) {
        if (expiresAtMillis == Long.MAX_VALUE) {
            return Long.MAX_VALUE;
        }
        double left = ((double) expiresAtMillis - millis(now)) * NANOS_PER_MILLI;
        if (left >= Long.MAX_VALUE - now) {
            return Long.MAX_VALUE;
        }
        return left <= 0 ? now : now + (expiresAtMillis - millis(now)) * NANOS_PER_MILLI;
    }

    /** By how much the host's wall clock is ahead of the portal, in milliseconds; empty while the portal has said nothing. */
    public OptionalLong differenceMillis(long now) {
        return source == Source.NONE ? OptionalLong.empty() : OptionalLong.of(wall.millis() - millis(now));
    }

    /** Whether the host's wall clock is so far away that whoever keeps it should know. */
    public boolean isApart(long now) {
        OptionalLong difference = differenceMillis(now);
        return difference.isPresent() && Math.abs(difference.getAsLong()) > TOLERANCE_MILLIS;
    }

    private long millis(long now) {
        return source == Source.NONE ? wall.millis() : now / NANOS_PER_MILLI + offsetMillis;
    }
}
