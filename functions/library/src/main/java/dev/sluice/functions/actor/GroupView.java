package dev.sluice.functions.actor;

import dev.sluice.functions.api.View;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A group as it is shown.
 *
 * @param type {@code static}, or {@code managed} for that of everyone
 * @param directoryId which has made it, and says who is in it; null if an admin does
 */
public record GroupView(
        UUID id, String name, String type, @Nullable UUID directoryId, Instant insertedAt, long version)
        implements View {}
