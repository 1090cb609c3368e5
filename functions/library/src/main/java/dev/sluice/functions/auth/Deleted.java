package dev.sluice.functions.auth;

/** What was deleted. */
public record Deleted(Count data) {
    /** How many. */
    public record Count(int deletedCount) {}
}
