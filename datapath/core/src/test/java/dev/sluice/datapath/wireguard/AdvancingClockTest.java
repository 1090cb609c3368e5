package dev.sluice.datapath.wireguard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdvancingClockTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void shouldShowALaterTimestampEachTime() {
        Iterator<Instant> wall = List.of(NOW, NOW, NOW.minusSeconds(3600), NOW.plusNanos(1), NOW.plusSeconds(1))
                .iterator();
        AdvancingClock clock = new AdvancingClock(wall::next);
        byte[] previous = new byte[Tai64n.LENGTH];
        while (wall.hasNext()) {
            byte[] next = Tai64n.after(new byte[Tai64n.LENGTH], clock.instant());
            assertThat(Arrays.compareUnsigned(next, previous)).isPositive();
            previous = next;
        }
    }

    @Test
    void shouldFollowTheWallClockOnceThatIsLater() {
        Iterator<Instant> wall =
                List.of(NOW, NOW.minusSeconds(60), NOW.plusSeconds(60)).iterator();
        AdvancingClock clock = new AdvancingClock(wall::next);
        clock.instant();
        clock.instant();

        assertThat(clock.instant()).isEqualTo(NOW.plusSeconds(60));
    }
}
