package dev.sluice.functions.identity;

import dev.sluice.functions.api.View;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An identity provider as it is shown.
 *
 * @param type {@code email}, {@code password}, {@code oidc}, {@code google}, {@code entra} or {@code okta}
 * @param issuer of those where people are sent to
 * @param clientId of the same
 * @param redirectUri to be told to the provider: where it sends people back to
 * @param disabledAt null while people may sign in by it
 */
public record IdentityProviderView(
        UUID id,
        String name,
        String type,
        @Nullable String issuer,
        @Nullable String clientId,
        @Nullable String redirectUri,
        @Nullable Instant disabledAt,
        Instant insertedAt,
        long version)
        implements View {}
