package dev.sluice.functions.settings;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;
import org.jspecify.annotations.Nullable;

/**
 * What an operator has set reaches the application as it is written: configuration has a language of its own, in which
 * {@code $$} and {@code ${x}} mean something else, and passwords do not know that.
 */
@Priority(Priorities.APPLICATION + 1000)
public final class LiteralSettings implements ConfigSourceInterceptor {
    private static final long serialVersionUID = 1;

    @Override
    public @Nullable ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        String value = System.getProperty(name) == null ? PortalConfigSource.provided(name) : null;
        return value == null
                ? context.proceed(name)
                : ConfigValue.builder()
                        .withName(name)
                        .withValue(value)
                        .withRawValue(value)
                        .withConfigSourceName(PortalConfigSource.NAME)
                        .withConfigSourceOrdinal(PortalConfigSource.ORDINAL)
                        .build();
    }
}
