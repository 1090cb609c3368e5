package dev.sluice.functions.stream;

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

class StreamSettingsTest {
    @Test
    void shouldHaveDefaultsThatFitTogether() {
        assertThat(Settings.STREAM.poll()).isEqualTo(Duration.ofMillis(200));
        assertThat(Settings.STREAM.gather()).isEqualTo(Duration.ofMillis(100));
        assertThat(Settings.STREAM.beat()).isEqualTo(Duration.ofSeconds(3));
        assertThat(Settings.STREAM.idleLimit()).isEqualTo(Duration.ofSeconds(45));
        assertThat(Settings.STREAM.joinWithin()).isEqualTo(Duration.ofSeconds(15));
        assertThat(Settings.STREAM.lookEvery()).isEqualTo(Duration.ofSeconds(60));
        assertThat(Settings.STREAM.digestEvery()).isEqualTo(Duration.ofSeconds(60));
        assertThat(Settings.STREAM.arrivalsAtOnce()).isEqualTo(32);
        assertThatCode(Settings.STREAM::check).doesNotThrowAnyException();
    }

    @Test
    void shouldTakeWhatAnOperatorSets() {
        var stream = Settings.of(
                StreamSettings.class, Map.of("sluice.stream.poll", "50MS", "sluice.stream.look-every", "5M"));

        assertThat(stream.poll()).isEqualTo(Duration.ofMillis(50));
        assertThat(stream.lookEvery()).isEqualTo(Duration.ofMinutes(5));
    }

    @ParameterizedTest
    @CsvSource({
        "sluice.stream.poll, 0S",
        "sluice.stream.gather, 0S",
        "sluice.stream.look-every, 0S",
        "sluice.stream.digest-every, 0S",
        "sluice.stream.arrivals-at-once, 0",
        "sluice.stream.beat, 6S",
        "sluice.stream.beat, 100MS",
        "sluice.stream.idle-limit, 30S",
    })
    void shouldRefuseWhatStreamsCannotLiveWith(String name, String value) {
        var settings = Settings.of(StreamSettings.class, Map.of(name, value));

        assertThatThrownBy(settings::check).isInstanceOf(SettingException.class).hasMessageStartingWith(name + " is ");
    }
}
