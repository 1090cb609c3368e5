package dev.sluice.functions.auth;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One of a token's secrets, without its text.
 *
 * @param lastSeenAt to the minute; null if no device has shown it yet
 */
public record TokenSecret(
        UUID id, Instant insertedAt, @Nullable Instant lastSeenAt) {}
