package dev.sluice.functions.actor;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who acts. Only users and admins have an e-mail address. */
public record Actor(
        UUID id, Type type, String name, @Nullable String email, boolean disabled) {
    public enum Type {
        USER("user"),
        ADMIN("admin"),
        SERVICE_ACCOUNT("service_account"),
        API_CLIENT("api_client");

        private final String word;

        Type(String word) {
            this.word = word;
        }

        /** As in the database and the API. */
        public String word() {
            return word;
        }

        /** Whether actors of this type belong to the group of everyone. */
        public boolean isPerson() {
            return this == USER || this == ADMIN;
        }

        public static Type of(String word) {
            for (var type : values()) {
                if (type.word.equals(word)) {
                    return type;
                }
            }
            throw new IllegalArgumentException(word);
        }
    }
}
