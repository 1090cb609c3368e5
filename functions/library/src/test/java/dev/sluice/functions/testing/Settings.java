package dev.sluice.functions.testing;

import dev.sluice.functions.flow.FlowSettings;
import dev.sluice.functions.stream.StreamSettings;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;

/** The product's defaults, for tests without a container. */
public final class Settings {
    public static final FlowSettings FLOW = of(FlowSettings.class, Map.of());
    public static final StreamSettings STREAM = of(StreamSettings.class, Map.of());

    private Settings() {}

    /** The defaults, but for what is set by its full name. */
    public static <T> T of(Class<T> mapping, Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withDefaultValues(values)
                .withMapping(mapping)
                .build()
                .getConfigMapping(mapping);
    }
}
