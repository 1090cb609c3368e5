package dev.sluice.functions.identity;

import dev.sluice.functions.api.View;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * As whom somebody is known at a provider.
 *
 * @param identityProvider what the provider is called
 * @param type of the provider
 * @param subject what the provider calls them, its {@code sub}; where they have a password, their own id
 * @param lastSeenAt when they signed in so last; null if they did not yet
 */
public record IdentityView(
        UUID id,
        UUID actorId,
        UUID identityProviderId,
        String identityProvider,
        String type,
        String subject,
        Instant insertedAt,
        @Nullable Instant lastSeenAt)
        implements View {
    /** It stays as it is until it is deleted. */
    @Override
    public long version() {
        return 1;
    }
}
