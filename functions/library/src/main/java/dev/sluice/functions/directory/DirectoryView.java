package dev.sluice.functions.directory;

import dev.sluice.functions.api.View;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A directory as it is shown.
 *
 * @param type {@code scim}, {@code workos} or {@code entra}
 * @param users whom it has made
 * @param groups that it has made
 * @param tenantId of Entra
 * @param clientId of Entra
 * @param linked of WorkOS: whether an admin of it has linked it
 * @param sync how it stands, of one that is asked
 * @param disabledAt null while it is heard
 */
public record DirectoryView(
        UUID id,
        String name,
        String type,
        long users,
        long groups,
        @Nullable String tenantId,
        @Nullable String clientId,
        @Nullable Boolean linked,
        @Nullable SyncView sync,
        @Nullable Instant disabledAt,
        Instant insertedAt,
        long version)
        implements View {
    /** Whether somebody or something was made by it. */
    public boolean hasMade() {
        return users + groups > 0;
    }
}
