package dev.sluice.functions.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeliveryHealthTest {
    @Test
    void shouldNotBeReadyWhenNoPassCompletes() {
        var health = new DeliveryHealth();
        long now = System.nanoTime();
        health.passed(now);

        assertThat(health.isDelivering(now + Duration.ofSeconds(29).toNanos())).isTrue();
        assertThat(health.isDelivering(now + Duration.ofSeconds(31).toNanos())).isFalse();
    }
}
