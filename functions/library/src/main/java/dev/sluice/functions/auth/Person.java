package dev.sluice.functions.auth;

import dev.sluice.functions.api.Principal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who has proved who they are.
 *
 * @param tokenId by which they did, of a link or a code to be used up, or of their session; null if by none
 * @param providerId at which they did; null where none is known
 * @param email null if they have none
 * @param admin whether they may enter the console
 */
public record Person(
        UUID accountId,
        UUID actorId,
        @Nullable UUID tokenId,
        @Nullable UUID providerId,
        String name,
        @Nullable String email,
        boolean admin) {
    /** As whom they go on. */
    public Principal principal() {
        return Principal.person(accountId, actorId, tokenId);
    }
}
