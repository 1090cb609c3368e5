package dev.sluice.datapath.app;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Options that are not on the command line come from the environment: {@code --api-url} is {@code SLUICE_API_URL}, else
 * {@code FIREZONE_API_URL}. A name that Firezone spells otherwise is listed here.
 */
record EnvironmentDefaults(Map<String, String> environment) implements IDefaultValueProvider {
    private static final Map<String, String> OTHER_ALIASES = Map.of("SLUICE_TOKEN_FILE", "FIREZONE_TOKEN_PATH");

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
            return null;
        }
        return value(environment, name(option.longestName()));
    }

    /** The value of {@code name} or of its alias; blank counts as absent. */
    static @Nullable String value(Map<String, String> environment, String name) {
        String own = environment.get(name);
        if (own != null && !own.isBlank()) {
            return own;
        }
        String other = environment.get(alias(name));
        return other != null && !other.isBlank() ? other : null;
    }

    /** {@code --api-url} to {@code SLUICE_API_URL}. */
    static String name(String option) {
        return "SLUICE_" + option.substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /** {@code SLUICE_API_URL} to {@code FIREZONE_API_URL}. */
    static String alias(String name) {
        return OTHER_ALIASES.getOrDefault(name, "FIREZONE_" + name.substring("SLUICE_".length()));
    }
}
