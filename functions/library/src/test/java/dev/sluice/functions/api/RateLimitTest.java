package dev.sluice.functions.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.functions.settings.SettingException;
import dev.sluice.functions.testing.Settings;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private static final UUID ACCOUNT = new UUID(0, 1);
    private static final UUID OTHER = new UUID(0, 2);

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE);

    @Test
    void shouldLetABurstThroughAndThenSoManyASecond() {
        RateLimit limit = limit(3, 2);
        for (int i = 0; i < 3; i++) {
            assertThat(limit.take(ACCOUNT)).isZero();
        }
        assertThat(limit.take(ACCOUNT)).isEqualTo(Duration.ofSeconds(1));
        assertThat(limit.take(OTHER)).isZero();

        clock.addAndGet(Duration.ofMillis(500).toNanos());
        assertThat(limit.take(ACCOUNT)).isZero();
        assertThat(limit.take(ACCOUNT)).isPositive();
    }

    @Test
    void shouldSaveUpNoMoreThanTheBurst() {
        RateLimit limit = limit(2, 1);
        limit.take(ACCOUNT);
        clock.addAndGet(Duration.ofHours(1).toNanos());
        assertThat(limit.take(ACCOUNT)).isZero();
        assertThat(limit.take(ACCOUNT)).isZero();
        assertThat(limit.take(ACCOUNT)).isPositive();
    }

    @Test
    void shouldLetEverythingThroughWithoutALimit() {
        RateLimit limit = limit(1, 0);
        for (int i = 0; i < 100; i++) {
            assertThat(limit.take(ACCOUNT)).isZero();
        }
    }

    @Test
    void shouldRefuseSettingsThatLetNothingThrough() {
        assertThatThrownBy(() -> limit(0, 1)).isInstanceOf(SettingException.class);
        assertThatThrownBy(() -> limit(1, -1)).isInstanceOf(SettingException.class);
    }

    private RateLimit limit(int burst, int perSecond) {
        return new RateLimit(
                Settings.of(
                        ApiSettings.class,
                        Map.of(
                                "sluice.api.burst",
                                Integer.toString(burst),
                                "sluice.api.per-second",
                                Integer.toString(perSecond))),
                clock::get);
    }
}
