package dev.sluice.functions.api;

/** What a name may be that somebody gives to something. */
public final class Name {
    /** Nothing that steers a terminal, and something to be seen. */
    public static final String PATTERN = "(?=.*\\S)[^\\x00-\\x1F\\x7F]{1,255}";

    public static final String RULE = "has 1 to 255 characters, not all of them blank, and none of control";

    private Name() {}
}
