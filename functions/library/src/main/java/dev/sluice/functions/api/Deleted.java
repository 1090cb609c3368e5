package dev.sluice.functions.api;

/** What was deleted, or ended. */
public record Deleted(Count data) {
    /** How many. */
    public record Count(int deletedCount) {}

    public static Deleted of(int count) {
        return new Deleted(new Count(count));
    }
}
