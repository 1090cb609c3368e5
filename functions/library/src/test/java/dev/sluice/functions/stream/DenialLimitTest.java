package dev.sluice.functions.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DenialLimitTest {
    private static final UUID CLIENT = new UUID(0, 1);
    private static final UUID RESOURCE = new UUID(0, 2);

    private static final int A_SECOND = 10;

    private final DenialLimit limit = new DenialLimit(A_SECOND);

    @Test
    void shouldBeReachedByDenialsOfOneSecond() {
        deny(A_SECOND - 1, 0);
        assertThat(limit.isReached(CLIENT, RESOURCE, seconds(0.9))).isFalse();

        deny(1, 0.9);

        assertThat(limit.isReached(CLIENT, RESOURCE, seconds(0.9))).isTrue();
        assertThat(limit.isReached(CLIENT, RESOURCE, seconds(1))).isFalse();
    }

    @Test
    void shouldBeginAnewWithTheNextSecond() {
        deny(A_SECOND, 0);
        deny(1, 1);

        assertThat(limit.isReached(CLIENT, RESOURCE, seconds(1))).isFalse();
    }

    @Test
    void shouldNotConcernOtherClientsAndResources() {
        deny(A_SECOND, 0);

        assertThat(limit.isReached(RESOURCE, RESOURCE, 0)).isFalse();
        assertThat(limit.isReached(CLIENT, CLIENT, 0)).isFalse();
    }

    private void deny(int times, double at) {
        for (int i = 0; i < times; i++) {
            limit.denied(CLIENT, RESOURCE, seconds(at));
        }
    }

    private static long seconds(double seconds) {
        return (long) (seconds * Duration.ofSeconds(1).toNanos());
    }
}
