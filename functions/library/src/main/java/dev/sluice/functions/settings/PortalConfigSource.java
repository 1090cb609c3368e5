package dev.sluice.functions.settings;

import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * Hands the application what was worked out before it started. It keeps the database's passwords out of process arguments,
 * environment and system properties.
 */
public final class PortalConfigSource implements ConfigSource {
    /** Above the environment (300), below system properties (400). */
    static final int ORDINAL = 350;

    static final String NAME = "Sluice portal";

    private static volatile Map<String, String> properties = Map.of();

    /** Replaces what the source provides; to be called before the application starts. */
    public static void provide(Map<String, String> values) {
        properties = Map.copyOf(values);
    }

    /** What whoever starts the application handed over under this name; null if nothing. */
    static @Nullable String provided(String name) {
        return properties.get(name);
    }

    @Override
    public Set<String> getPropertyNames() {
        return properties.keySet();
    }

    @Override
    public @Nullable String getValue(String name) {
        return properties.get(name);
    }

    @Override
    public String getName() {
        return NAME;
    }

    @Override
    public int getOrdinal() {
        return ORDINAL;
    }
}
