package dev.sluice.functions.auth;

import dev.sluice.functions.api.Principal;
import java.time.Instant;
import java.util.UUID;

/**
 * Somebody who is signed in with a browser.
 *
 * @param tokenId by which they are
 * @param person who that is
 * @param expiresAt when they have to sign in again
 */
public record BrowserSession(UUID tokenId, Person person, Instant expiresAt) {
    public UUID accountId() {
        return person.accountId();
    }

    /** The actor's. */
    public String name() {
        return person.name();
    }

    /** Whether they administer the account. */
    public boolean admin() {
        return person.admin();
    }

    /** As whom they make requests. */
    public Principal principal() {
        return admin() ? Principal.admin(accountId(), person.actorId(), tokenId) : person.principal();
    }
}
