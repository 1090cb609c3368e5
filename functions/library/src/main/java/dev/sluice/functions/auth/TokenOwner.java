package dev.sluice.functions.auth;

/** What a token belongs to. */
public enum TokenOwner {
    /** A site: its gateways sign in with it. */
    SITE("site", "site_id"),

    /** An actor: their clients do, or an API client itself. */
    ACTOR("actor", "actor_id"),

    /** A directory: it tells us with it who there is. */
    DIRECTORY("directory", "directory_id");

    private final String table;
    private final String column;

    TokenOwner(String table, String column) {
        this.table = table;
        this.column = column;
    }

    String table() {
        return table;
    }

    /** Of the table of tokens. */
    String column() {
        return column;
    }
}
