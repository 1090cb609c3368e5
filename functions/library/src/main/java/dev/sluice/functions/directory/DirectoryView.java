package dev.sluice.functions.directory;

import dev.sluice.functions.api.View;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A directory as it is shown.
 *
 * @param type {@code scim}
 * @param users whom it has made
 * @param groups that it has made
 * @param disabledAt null while it is heard
 */
public record DirectoryView(
        UUID id,
        String name,
        String type,
        long users,
        long groups,
        @Nullable Instant disabledAt,
        Instant insertedAt,
        long version)
        implements View {}
