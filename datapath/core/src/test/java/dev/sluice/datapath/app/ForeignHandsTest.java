package dev.sluice.datapath.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForeignHandsTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private static final long LONGEST = HostWorker.LOOK_INTERVAL.toMillis();

    private long now = 100 * SECOND;

    @Test
    void shouldPutBackAtOnceAtFirst() {
        ForeignHands hands = new ForeignHands(true);
        for (int i = 0; i < 20; i++) {
            assertThat(hands.delayMillis(now)).isZero();
            hands.restored(List.of("rule", "route"), now += SECOND);
        }
        assertThat(hands.restored()).isEqualTo(40);
    }

    @Test
    void shouldWaitLongerEachTimeAndNeverGiveUp() {
        ForeignHands hands = new ForeignHands(true);
        long last = 0;
        for (int i = 0; i < 100; i++) {
            hands.restored(List.of("rule"), now += SECOND);
            assertThat(hands.delayMillis(now)).isBetween(last, LONGEST);
            last = hands.delayMillis(now);
        }
        assertThat(last).isEqualTo(LONGEST);
    }

    @Test
    void shouldHardlyWaitWithoutABarrier() {
        ForeignHands hands = new ForeignHands(false);
        for (int i = 0; i < 100; i++) {
            hands.restored(List.of("rule"), now += SECOND);
        }
        assertThat(hands.delayMillis(now)).isEqualTo(200);
    }

    @Test
    void shouldBeginAnewAfterAQuietMinute() {
        ForeignHands hands = new ForeignHands(true);
        for (int i = 0; i < 100; i++) {
            hands.restored(List.of("rule"), now += SECOND);
        }
        now += 61 * SECOND;

        assertThat(hands.delayMillis(now)).isZero();
        hands.restored(List.of("rule"), now);
        assertThat(hands.delayMillis(now)).isZero();
    }
}
