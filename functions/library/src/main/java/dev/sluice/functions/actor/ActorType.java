package dev.sluice.functions.actor;

import java.util.Optional;
import java.util.stream.Stream;

/** What kinds of actors there are. Only users and admins have an e-mail address. */
public enum ActorType {
    USER("user", "account_user"),
    ADMIN("admin", "account_admin_user"),
    SERVICE_ACCOUNT("service_account", "service_account"),
    API_CLIENT("api_client", "api_client");

    /** Those of the API. */
    public static final String API_WORDS = "account_user|account_admin_user|service_account|api_client";

    private final String word;
    private final String apiWord;

    ActorType(String word, String apiWord) {
        this.word = word;
        this.apiWord = apiWord;
    }

    /** As in the database and on the command line. */
    public String word() {
        return word;
    }

    /** As in the API. */
    public String apiWord() {
        return apiWord;
    }

    /** Whether actors of this type belong to the group of everyone. */
    public boolean isPerson() {
        return this == USER || this == ADMIN;
    }

    /** The type of this word in the API; empty if there is none. */
    public static Optional<ActorType> ofApi(String word) {
        return Stream.of(values()).filter(type -> type.apiWord.equals(word)).findFirst();
    }

    public static ActorType of(String word) {
        for (var type : values()) {
            if (type.word.equals(word)) {
                return type;
            }
        }
        throw new IllegalArgumentException(word);
    }
}
