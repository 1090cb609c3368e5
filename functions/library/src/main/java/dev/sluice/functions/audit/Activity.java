package dev.sluice.functions.audit;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What went on in an account for some time.
 *
 * @param at when that began
 * @param decided milliseconds from a grant to its gateway's word, of all but the slowest hundredth of a minute, and of the
 *     slowest of these minutes; null if nothing was confirmed
 * @param revoked the same from an end to its being sent to the gateway
 */
public record Activity(
        Instant at,
        long granted,
        long denied,
        long ended,
        @Nullable Double decided,
        @Nullable Double revoked) {}
