package dev.sluice.datapath.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IcmpRateLimitTest {
    private static final long SECOND = 1_000_000_000L;
    private static final int RESOURCE = 17;

    private final IcmpRateLimit limit = new IcmpRateLimit();

    @ParameterizedTest
    @ValueSource(longs = {0, -5 * SECOND, Long.MAX_VALUE - SECOND, Long.MIN_VALUE})
    void shouldSendABurstOfTwenty(long now) {
        assertThat(sent(100, now, 0)).isEqualTo(20);
        assertThat(limit.suppressed()).isEqualTo(80);
    }

    @Test
    void shouldSendTenASecondAfterTheBurst() {
        sent(100, 0, 0);

        assertThat(sent(1000, SECOND / 10, SECOND / 100)).isBetween(100, 101);
    }

    @Test
    void shouldSaveUpNoMoreThanABurst() {
        sent(100, 0, 0);

        assertThat(sent(100, 3600 * SECOND, 0)).isEqualTo(20);
    }

    @Test
    void shouldNeverSuppressWhatComesSlowly() {
        assertThat(sent(500, 0, SECOND / 10)).isEqualTo(500);
        assertThat(limit.suppressed()).isZero();
    }

    @Test
    void shouldLimitEachResourceByItself() {
        sent(100, 0, 0);

        assertThat(limit.tryAcquire(RESOURCE, 0)).isFalse();
        assertThat(limit.tryAcquire(RESOURCE + 1, 0)).isTrue();
    }

    private int sent(int attempts, long start, long interval) {
        int sent = 0;
        for (int i = 0; i < attempts; i++) {
            sent += limit.tryAcquire(RESOURCE, start + i * interval) ? 1 : 0;
        }
        return sent;
    }
}
