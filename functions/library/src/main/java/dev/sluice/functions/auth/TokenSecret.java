package dev.sluice.functions.auth;

import dev.sluice.functions.api.View;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One of a token's secrets, without its text.
 *
 * @param lastSeenAt to the minute; null if no device has shown it yet
 */
public record TokenSecret(
        UUID id, Instant insertedAt, @Nullable Instant lastSeenAt) implements View {
    /** It stays as it is until it is withdrawn. */
    @Override
    public long version() {
        return 1;
    }
}
