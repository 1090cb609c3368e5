package dev.sluice.functions.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.emulator.Schedules;
import dev.sluice.functions.job.ScheduledJob;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Which schedule does a job. */
class RoundsTest {
    private static Duration periodOf(Duration wanted) {
        return Rounds.periodOf(ScheduledJob.every(wanted, "job", () -> {}));
    }

    @Test
    void shouldDoAJobByTheLongestScheduleThatIsOftenEnough() {
        assertThat(periodOf(Duration.ofSeconds(3))).isEqualTo(Duration.ofMinutes(1));
        assertThat(periodOf(Duration.ofMinutes(1))).isEqualTo(Duration.ofMinutes(1));
        assertThat(periodOf(Duration.ofMinutes(10))).isEqualTo(Duration.ofMinutes(5));
        assertThat(periodOf(Duration.ofHours(23))).isEqualTo(Duration.ofHours(1));
        assertThat(periodOf(Duration.ofDays(2))).isEqualTo(Duration.ofDays(1));
    }

    @Test
    void shouldBeCalledByTheEmulatorAsOften() {
        assertThat(Schedules.PERIODS).isEqualTo(Rounds.PERIODS);
    }
}
