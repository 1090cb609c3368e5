package dev.sluice.functions.resource;

/** What a resource is; its lower-case name is the word of the database and the API. */
public enum ResourceType {
    DNS("dns"),
    CIDR("cidr"),
    IP("ip"),
    INTERNET("internet");

    /** All of them. */
    public static final String WORDS = "dns|cidr|ip|internet";

    private final String word;

    ResourceType(String word) {
        this.word = word;
    }

    public String word() {
        return word;
    }

    /** The type of this word, or an {@link IllegalArgumentException}. */
    public static ResourceType of(String word) {
        for (var type : values()) {
            if (type.word.equals(word)) {
                return type;
            }
        }
        throw new IllegalArgumentException(word);
    }
}
