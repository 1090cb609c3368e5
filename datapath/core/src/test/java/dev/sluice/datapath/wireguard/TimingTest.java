package dev.sluice.datapath.wireguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.RecordComponent;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimingTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void shouldHaveThePapersValues() {
        Timing timing = Timing.standard();

        assertThat(timing.rekeyAfterTime()).isEqualTo(120 * SECOND);
        assertThat(timing.rejectAfterTime()).isEqualTo(180 * SECOND);
        assertThat(timing.rekeyAttemptTime()).isEqualTo(90 * SECOND);
        assertThat(timing.rekeyTimeout()).isEqualTo(5 * SECOND);
        assertThat(timing.keepaliveTimeout()).isEqualTo(10 * SECOND);
        assertThat(timing.cookieTime()).isEqualTo(120 * SECOND);
        assertThat(timing.rekeyOnReceiveTime()).isEqualTo(165 * SECOND);
        assertThat(timing.unansweredTime()).isEqualTo(15 * SECOND);
        assertThat(timing.eraseTime()).isEqualTo(540 * SECOND);
    }

    @Test
    void shouldDifferForConnectionsInTheAttemptTimeAlone() {
        assertThat(Timing.connection()).isEqualTo(Timing.standard().with("rekey-attempt=15s"));
        assertThat(Timing.connection().rekeyAttemptTime()).isEqualTo(15 * SECOND);
    }

    @Test
    void shouldSetEveryComponentByItsName() throws ReflectiveOperationException {
        List<String> names = Timing.names();
        RecordComponent[] components = Timing.class.getRecordComponents();
        assertThat(names).contains("rekey-after", "reject-after", "rekey-timeout-jitter", "ice-max-rto", "idle-after");
        for (int i = 0; i < components.length; i++) {
            Timing timing = Timing.parse(names.get(i) + "=7h");
            for (RecordComponent component : components) {
                Object expected = component.equals(components[i])
                        ? 7 * 3600 * SECOND
                        : component.getAccessor().invoke(Timing.connection());
                assertThat(component.getAccessor().invoke(timing))
                        .as("%s after %s", component.getName(), names.get(i))
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void shouldReadSpansInEveryUnit() {
        Timing timing = Timing.parse("rekey-after=20s, reject-after = 2m,ice-rto=50ms,idle-after=1h,");

        assertThat(timing.rekeyAfterTime()).isEqualTo(20 * SECOND);
        assertThat(timing.rejectAfterTime()).isEqualTo(120 * SECOND);
        assertThat(timing.iceRto()).isEqualTo(SECOND / 20);
        assertThat(timing.idleAfter()).isEqualTo(3600 * SECOND);
        assertThat(Timing.parse("")).isEqualTo(Timing.connection());
    }

    @Test
    void shouldSayWhatIsWrong() {
        assertThatThrownBy(() -> Timing.parse("rekey=20s"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("unknown timing \"rekey=20s\"")
                .hasMessageContaining("rekey-after");
        for (String span : List.of("", "s", "20", "0s", "-1s", "1.5s", "20 s", "1d", "99999999s")) {
            assertThatThrownBy(() -> Timing.parse("rekey-after=" + span))
                    .as("span \"%s\"", span)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not a time span");
        }
    }
}
