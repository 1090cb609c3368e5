package dev.sluice.functions.directory;

/** How the portal hears of a directory. */
public enum DirectoryType {
    /** It calls us. */
    SCIM("scim"),

    /** It is asked through WorkOS. */
    WORKOS("workos"),

    /** It is asked, at Microsoft's Graph. */
    ENTRA("entra");

    /** Those of the API. */
    static final String API_WORDS = "scim|workos|entra";

    private final String word;

    DirectoryType(String word) {
        this.word = word;
    }

    /** As in the database and the API. */
    public String word() {
        return word;
    }

    /** Whether it is asked, and does not call. */
    boolean isAsked() {
        return this != SCIM;
    }

    static DirectoryType of(String word) {
        for (DirectoryType type : values()) {
            if (type.word.equals(word)) {
                return type;
            }
        }
        throw new IllegalArgumentException(word);
    }
}
