package dev.sluice.functions.settings;

/** What an application says of itself when it is built. */
public final class BuildProperties {
    /** True for functions: they hold no connections, and stand still between two invocations. */
    public static final String FUNCTIONS = "sluice.functions";

    private BuildProperties() {}
}
