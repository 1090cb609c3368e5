package dev.sluice.functions.auth;

import dev.sluice.functions.api.View;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A token as it is shown, without its secret.
 *
 * @param type {@code client}, {@code gateway}, {@code api_client}, {@code directory}, {@code browser},
 *     {@code sign_in} or {@code email}
 * @param actorId whose it is; null of gateways and directories
 * @param gatewayGroupId of gateways: where they serve
 * @param directoryId of directories: which one
 * @param owner what that actor, site or directory is called
 * @param expiresAt null for never
 * @param lastSeenAt null if it was not used yet
 */
public record TokenView(
        UUID id,
        @Nullable String name,
        String type,
        @Nullable UUID actorId,
        @Nullable UUID gatewayGroupId,
        @Nullable UUID directoryId,
        String owner,
        @Nullable Instant expiresAt,
        @Nullable Instant lastSeenAt)
        implements View {
    static TokenView of(Token token, String owner) {
        return new TokenView(
                token.id(),
                token.name(),
                token.type().word(),
                token.actorId(),
                token.siteId(),
                token.directoryId(),
                owner,
                token.expiresAt(),
                token.lastSeenAt());
    }

    /** It stays as it is until it is deleted. */
    @Override
    public long version() {
        return 1;
    }
}
