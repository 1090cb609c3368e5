package dev.sluice.datapath.wireguard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplayWindowTest {
    private final ReplayWindow window = new ReplayWindow();

    @Test
    void shouldAcceptEveryCounterOnce() {
        for (long counter = 0; counter < 100_000; counter++) {
            assertThat(window.accept(counter)).isTrue();
            assertThat(window.accept(counter)).isFalse();
        }
    }

    @Test
    void shouldAcceptWhatIsLateButInTheWindow() {
        assertThat(window.accept(ReplayWindow.SIZE)).isTrue();
        assertThat(window.accept(0)).as("one too old").isFalse();
        for (long counter = ReplayWindow.SIZE - 1; counter > 0; counter--) {
            assertThat(window.accept(counter)).as("counter %d", counter).isTrue();
        }
        assertThat(window.accept(1)).isFalse();
    }

    @Test
    void shouldForgetNothingItNeedsWhenItJumps() {
        window.accept(5);
        window.accept(1_000_000);
        assertThat(window.accept(5)).isFalse();
        assertThat(window.accept(999_999)).isTrue();
        window.accept(1_000_000 + 64);
        assertThat(window.accept(999_999)).isFalse();
        assertThat(window.accept(1_000_000)).isFalse();
        assertThat(window.accept(1_000_001)).isTrue();
    }

    @Test
    void shouldTreatCountersAsUnsigned() {
        assertThat(window.accept(Long.MAX_VALUE)).isTrue();
        assertThat(window.accept(Long.MIN_VALUE)).isTrue();
        assertThat(window.accept(-1)).isTrue();
        assertThat(window.accept(-2)).isTrue();
        assertThat(window.accept(-2)).isFalse();
        assertThat(window.accept(0)).isFalse();
        assertThat(window.accept(Long.MAX_VALUE)).isFalse();
    }

    @Test
    void shouldNotChangeByBeingAsked() {
        assertThat(window.accepts(77)).isTrue();
        assertThat(window.accepts(77)).isTrue();
        assertThat(window.accept(77)).isTrue();
        assertThat(window.accepts(77)).isFalse();
    }

    @Test
    void shouldAgreeWithASet() {
        Random random = new Random(6479);
        Set<Long> seen = new HashSet<>();
        long highest = 0;
        for (int i = 0; i < 500_000; i++) {
            long counter = Math.max(0, highest + random.nextInt(-9000, random.nextInt(100) == 0 ? 9000 : 40));
            boolean expected = highest - counter < ReplayWindow.SIZE && seen.add(counter);
            assertThat(window.accept(counter))
                    .as("counter %d after %d", counter, highest)
                    .isEqualTo(expected);
            highest = Math.max(highest, counter);
        }
    }
}
