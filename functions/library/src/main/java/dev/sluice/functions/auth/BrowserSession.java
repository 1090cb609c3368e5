package dev.sluice.functions.auth;

import dev.sluice.functions.api.Principal;
import java.time.Instant;
import java.util.UUID;

/**
 * Somebody who is signed in with a browser, and administers the account.
 *
 * @param name the actor's
 * @param expiresAt when they have to sign in again
 */
public record BrowserSession(UUID accountId, UUID actorId, UUID tokenId, String name, Instant expiresAt) {
    /** As whom they make requests. */
    public Principal principal() {
        return Principal.admin(accountId, actorId, tokenId);
    }
}
