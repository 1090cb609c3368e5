package dev.sluice.functions.auth;

import dev.sluice.functions.api.Principal;
import java.time.Instant;
import java.util.UUID;

/**
 * Somebody who is signed in with a browser.
 *
 * @param name the actor's
 * @param admin whether they administer the account
 * @param expiresAt when they have to sign in again
 */
public record BrowserSession(
        UUID accountId, UUID actorId, UUID tokenId, String name, boolean admin, Instant expiresAt) {
    /** As whom they make requests. */
    public Principal principal() {
        return admin ? Principal.admin(accountId, actorId, tokenId) : Principal.person(accountId, actorId, tokenId);
    }
}
