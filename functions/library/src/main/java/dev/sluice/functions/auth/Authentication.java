package dev.sluice.functions.auth;

import dev.sluice.channel.Reason;
import java.util.UUID;

/** What became of a token that was shown. */
public sealed interface Authentication {
    /** @param secretId which of the token's secrets was shown */
    record Accepted(Token token, UUID secretId) implements Authentication {
        public Credential credential() {
            return new Credential(token.id(), secretId);
        }
    }

    record Refused(Reason reason) implements Authentication {}
}
