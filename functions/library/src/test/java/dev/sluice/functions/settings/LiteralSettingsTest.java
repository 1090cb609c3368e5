package dev.sluice.functions.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiteralSettingsTest {
    @AfterEach
    void forget() {
        PortalConfigSource.provide(Map.of());
    }

    @Test
    void shouldHandOverWhatIsWrittenAndExpandWhatIsConfigured() {
        Map<String, String> literal =
                Map.of("password", "p$$w${x}d\\$", "TOKENS_KEY_BASE", "long${x}secret", "dollar", "$");
        PortalConfigSource.provide(literal);
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withInterceptors(new LiteralSettings())
                .withSources(
                        new PortalConfigSource(),
                        new PropertiesConfigSource(Map.of("configured", "${other}", "other", "o"), "defaults", 100))
                .build();

        literal.forEach(
                (name, value) -> assertThat(config.getValue(name, String.class)).isEqualTo(value));
        assertThat(config.getValue("configured", String.class)).isEqualTo("o");
    }
}
