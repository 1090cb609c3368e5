package dev.sluice.datapath.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void shouldReadSecondsAndDates() {
        assertThat(RetryAfter.parse("30", NOW)).isEqualTo(Duration.ofSeconds(30));
        assertThat(RetryAfter.parse("Thu, 01 Jan 2026 00:01:00 GMT", NOW)).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void shouldBeBounded() {
        assertThat(RetryAfter.parse("99999999999999", NOW)).isEqualTo(RetryAfter.MAXIMUM);
        assertThat(RetryAfter.parse("Tue, 01 Jan 2036 00:01:00 GMT", NOW)).isEqualTo(RetryAfter.MAXIMUM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5", "1.5", "Thu, 01 Jan 1970 00:00:00 GMT"})
    void shouldNotWaitForWhatCannotBeRead(String header) {
        assertThat(RetryAfter.parse(header, NOW)).isZero();
    }
}
