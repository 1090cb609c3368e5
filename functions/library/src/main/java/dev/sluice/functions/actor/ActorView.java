package dev.sluice.functions.actor;

import dev.sluice.functions.api.View;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An actor as it is shown.
 *
 * @param type {@code account_user}, {@code account_admin_user}, {@code service_account} or {@code api_client}
 * @param email of people only
 * @param disabledAt null while they may act
 * @param directoryId which has made them; null if an admin has
 */
public record ActorView(
        UUID id,
        String name,
        String type,
        @Nullable String email,
        @Nullable Instant disabledAt,
        @Nullable UUID directoryId,
        Instant insertedAt,
        long version)
        implements View {}
