package dev.sluice.datapath.portal;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** The header {@code Retry-After} (RFC 9110 section 10.2.3): seconds, or a date. */
final class RetryAfter {
    /** A portal that errs must not keep a device away for longer. */
    static final Duration MAXIMUM = Duration.ofHours(1);

    private RetryAfter() {}

    /** How long to wait, at least zero; zero for a header that cannot be read. */
    static Duration parse(String header, Instant now) {
        Duration wait = parsed(header.strip(), now);
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(MAXIMUM) > 0 ? MAXIMUM : wait;
    }

    private static Duration parsed(String header, Instant now) {
        if (!header.isEmpty() && header.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return header.length() > 9 ? MAXIMUM : Duration.ofSeconds(Long.parseLong(header));
        }
        try {
            return Duration.between(
                    now,
                    ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant());
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }
}
