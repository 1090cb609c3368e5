package dev.sluice.datapath.portal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PortalClockTest {
    private static final Instant PORTAL = Instant.parse("2026-01-01T00:00:00Z");
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private Instant wall = PORTAL;
    private long now = 1000 * SECOND;
    private final PortalClock clock = new PortalClock(() -> wall);

    @Test
    void shouldEndByThePortalsTimeWhateverTheHostsClockShows() {
        wall = PORTAL.plus(Duration.ofDays(8));
        clock.connected(null, now);
        clock.heard(PORTAL.toEpochMilli(), now);

        assertThat(deadline(PORTAL.plusSeconds(60))).isEqualTo(now + 60 * SECOND);
        wall = PORTAL.minus(Duration.ofDays(8));
        now += 10 * SECOND;
        assertThat(deadline(PORTAL.plusSeconds(60))).isEqualTo(now + 50 * SECOND);
    }

    @Test
    void shouldTakeTheHandshakesDateWhereThePortalSaysNoMore() {
        wall = PORTAL.plus(Duration.ofDays(8));
        clock.connected(PORTAL, now);

        assertThat(deadline(PORTAL.plusSeconds(60)) - now).isBetween(59 * SECOND, 60 * SECOND);
    }

    @Test
    void shouldTakeTheHostsClockWhereThePortalSaysNothing() {
        clock.connected(null, now);

        assertThat(deadline(PORTAL.plusSeconds(60))).isEqualTo(now + 60 * SECOND);
        assertThat(clock.differenceMillis(now)).isEqualTo(OptionalLong.empty());
    }

    @Test
    void shouldNotLetAMessageThatWasOnItsWayForLongLengthenAccess() {
        clock.connected(null, now);
        clock.heard(PORTAL.toEpochMilli(), now);
        now += 20 * SECOND;
        clock.heard(PORTAL.plusSeconds(1).toEpochMilli(), now);

        assertThat(deadline(PORTAL.plusSeconds(60))).isEqualTo(now + 40 * SECOND);
    }

    @Test
    void shouldFollowAPortalWhoseClockWasSetBackWithTheNextConnection() {
        clock.connected(null, now);
        clock.heard(PORTAL.plusSeconds(3600).toEpochMilli(), now);
        clock.connected(PORTAL, now);
        clock.heard(PORTAL.toEpochMilli(), now);

        assertThat(deadline(PORTAL.plusSeconds(60))).isEqualTo(now + 60 * SECOND);
    }

    @Test
    void shouldStayWithinAllTimes() {
        clock.connected(null, now);
        clock.heard(PORTAL.toEpochMilli(), now);

        assertThat(clock.deadline(Long.MAX_VALUE, now)).isEqualTo(Long.MAX_VALUE);
        assertThat(clock.deadline(Long.MAX_VALUE - 1, now)).isEqualTo(Long.MAX_VALUE);
        assertThat(clock.deadline(Long.MIN_VALUE, now)).isEqualTo(now);
        assertThat(deadline(PORTAL.minusSeconds(1))).isEqualTo(now);
    }

    @Test
    void shouldTellWhenTheHostsClockIsFarAway() {
        clock.connected(null, now);
        clock.heard(PORTAL.toEpochMilli(), now);
        wall = PORTAL.plusSeconds(30);
        assertThat(clock.isApart(now)).isFalse();
        wall = PORTAL.minusSeconds(31);

        assertThat(clock.isApart(now)).isTrue();
        assertThat(clock.differenceMillis(now)).hasValue(-31_000);
    }

    private long deadline(Instant expiresAt) {
        return clock.deadline(expiresAt.toEpochMilli(), now);
    }
}
