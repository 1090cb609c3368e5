package dev.sluice.datapath.app;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The values of all {@link FeatureFlag}s: option before environment before alias before default. */
public record FeatureFlags(Map<FeatureFlag, Boolean> values) {
    public FeatureFlags {
        EnumMap<FeatureFlag, Boolean> all = new EnumMap<>(FeatureFlag.class);
        for (FeatureFlag flag : FeatureFlag.values()) {
            all.put(flag, values.getOrDefault(flag, flag.enabledByDefault()));
        }
        values = Map.copyOf(all);
    }

    /**
     * Reads every flag.
     *
     * @param options what {@code --feature} gave, by configuration name
     * @throws CommandFailedException for an unknown name or a value that is no boolean
     */
    static FeatureFlags read(Map<String, String> options, Map<String, String> environment) {
        Map<String, String> unknown = new TreeMap<>(options);
        EnumMap<FeatureFlag, Boolean> values = new EnumMap<>(FeatureFlag.class);
        for (FeatureFlag flag : FeatureFlag.values()) {
            String option = unknown.remove(flag.configurationName());
            if (option != null) {
                values.put(flag, parse("--feature " + flag.configurationName(), option));
                continue;
            }
            String source = set(environment, flag.environmentName()) ? flag.environmentName() : flag.alias();
            if (set(environment, source)) {
                values.put(flag, parse(source, environment.getOrDefault(source, "")));
            }
        }
        if (!unknown.isEmpty()) {
            throw CommandFailedException.usage("unknown feature " + String.join(", ", unknown.keySet()) + "; known are "
                    + Arrays.stream(FeatureFlag.values())
                            .map(FeatureFlag::configurationName)
                            .collect(Collectors.joining(", ")));
        }
        return new FeatureFlags(values);
    }

    /** The lines that {@code --help} ends with. */
    static String[] help() {
        return Stream.concat(
                        Stream.of("", "Feature flags:"),
                        Arrays.stream(FeatureFlag.values())
                                .flatMap(flag -> Stream.of(
                                        "  " + flag.configurationName() + " (default: " + flag.enabledByDefault()
                                                + ")  " + flag.description(),
                                        "    [" + flag.environmentName() + ", " + flag.alias() + "]")))
                .toArray(String[]::new);
    }

    public boolean enabled(FeatureFlag flag) {
        return values.getOrDefault(flag, flag.enabledByDefault());
    }

    /** By configuration name, for status and log. */
    public Map<String, Boolean> byName() {
        Map<String, Boolean> named = new TreeMap<>();
        values.forEach((flag, value) -> named.put(flag.configurationName(), value));
        return named;
    }

    private static boolean set(Map<String, String> environment, String name) {
        @Nullable String value = environment.get(name);
        return value != null && !value.isBlank();
    }

    private static boolean parse(String source, String value) {
        return switch (value.trim().toLowerCase(Locale.ROOT)) {
            case "true", "1", "on", "yes" -> true;
            case "false", "0", "off", "no" -> false;
            default -> throw CommandFailedException.usage(source + " is \"" + value + "\"; say true or false");
        };
    }
}
