package dev.sluice.functions.device;

import dev.sluice.channel.Dialect;
import dev.sluice.functions.auth.Credential;
import java.util.UUID;

/**
 * A client or gateway that has shown a valid token.
 *
 * @param credential by what it is here
 * @param own whether the peer understands what only our own peers are told
 * @param dialect by which names it speaks
 */
public record Device(UUID id, UUID accountId, Credential credential, Role role, boolean own, Dialect dialect) {
    public enum Role {
        CLIENT("client"),
        GATEWAY("gateway");

        private final String word;

        Role(String word) {
            this.word = word;
        }

        /** As in the database and as the channel's topic. */
        public String word() {
            return word;
        }
    }
}
