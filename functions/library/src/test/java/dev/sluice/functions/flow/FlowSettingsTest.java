package dev.sluice.functions.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.functions.settings.SettingException;
import dev.sluice.functions.testing.Settings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlowSettingsTest {
    private static final int POOL = 20;

    @Test
    void shouldHaveDefaultsThatFitTogether() {
        assertThat(Settings.FLOW.answerWithin()).isEqualTo(Duration.ofSeconds(5));
        assertThat(Settings.FLOW.decisionsAtOnce()).isEqualTo(12);
        assertThat(Settings.FLOW.denialsASecond()).isEqualTo(10);
        assertThatCode(() -> Settings.FLOW.check(POOL)).doesNotThrowAnyException();
    }

    @Test
    void shouldTakeWhatAnOperatorSets() {
        var settings = Settings.of(FlowSettings.class, Map.of("sluice.flow.decisions-at-once", "3"));

        assertThat(settings.decisionsAtOnce()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "sluice.flow.decisions-at-once, 20",
        "sluice.flow.decisions-at-once, 0",
        "sluice.flow.denials-a-second, 0",
        "sluice.flow.answer-within, 0S",
    })
    void shouldRefuseWhatDecisionsCannotLiveWith(String name, String value) {
        var settings = Settings.of(FlowSettings.class, Map.of(name, value));

        assertThatThrownBy(() -> settings.check(POOL))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith(name + " is ");
    }
}
