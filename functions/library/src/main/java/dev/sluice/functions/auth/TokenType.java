package dev.sluice.functions.auth;

/** Whose token it is. */
public enum TokenType {
    CLIENT("client", "client"),
    GATEWAY("gateway", "gateway_group"),
    API_CLIENT("api_client", "api_client"),
    DIRECTORY("directory", "directory"),

    /** Of somebody who is signed in with a browser; its name is the browser's family. */
    BROWSER("browser", "browser"),

    /** Of a link that signs somebody in, once. */
    SIGN_IN("sign_in", "sign_in"),

    /** Of a code that is sent by mail, and is good with what the browser keeps that asked for it. */
    EMAIL("email", "email");

    private final String word;
    private final String context;

    TokenType(String word, String context) {
        this.word = word;
        this.context = context;
    }

    /** As in the database and the API. */
    public String word() {
        return word;
    }

    /** What the signature is bound to: a token of another type fails it. */
    String context() {
        return context;
    }

    static TokenType of(String word) {
        for (var type : values()) {
            if (type.word.equals(word)) {
                return type;
            }
        }
        throw new IllegalArgumentException(word);
    }
}
