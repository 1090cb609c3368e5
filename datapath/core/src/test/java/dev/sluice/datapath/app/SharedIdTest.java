package dev.sluice.datapath.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SharedIdTest {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final SharedId id = new SharedId();

    @Test
    void shouldNoticeTwoMachinesThatReplaceEachOther() {
        assertThat(id.replaced(0)).isFalse();
        assertThat(id.replaced(MINUTE)).isFalse();
        assertThat(id.replaced(2 * MINUTE)).isTrue();
        assertThat(id.replaced(3 * MINUTE)).isTrue();
    }

    @Test
    void shouldNotTakeADeviceThatComesBackNowAndThenForTwo() {
        for (int i = 0; i < 10; i++) {
            assertThat(id.replaced(i * 5 * MINUTE)).isFalse();
        }
    }
}
