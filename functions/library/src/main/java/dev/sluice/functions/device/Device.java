package dev.sluice.functions.device;

import java.util.UUID;

/**
 * A client or gateway that has shown a valid token.
 *
 * @param tokenId the token by which it is here
 * @param own whether the peer understands what only our own peers are told
 */
public record Device(UUID id, UUID accountId, UUID tokenId, Role role, boolean own) {
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
