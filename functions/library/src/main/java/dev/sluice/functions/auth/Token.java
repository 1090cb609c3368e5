package dev.sluice.functions.auth;

import dev.sluice.channel.Secret;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A token without its secret.
 *
 * @param actorId of a client's token
 * @param siteId of a gateway's token
 * @param directoryId of a directory's token
 * @param providerId by which somebody had signed in whose it is; null where nobody had
 */
public record Token(
        UUID id,
        UUID accountId,
        TokenType type,
        @Nullable String name,
        @Nullable UUID actorId,
        @Nullable UUID siteId,
        @Nullable UUID directoryId,
        @Nullable UUID providerId,
        @Nullable Instant expiresAt,
        @Nullable Instant lastSeenAt) {
    /**
     * A token at the one moment when the text of one of its secrets is known.
     *
     * @param secretId which of them
     */
    public record Issued(Token token, UUID secretId, Secret text) {}
}
