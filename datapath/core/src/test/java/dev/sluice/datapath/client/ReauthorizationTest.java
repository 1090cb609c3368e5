package dev.sluice.datapath.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.Packets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReauthorizationTest {
    private static final long MILLISECOND = 1_000_000L;
    private static final long SECOND = 1_000 * MILLISECOND;
    private static final long START = 1_000 * SECOND;

    private final Reauthorization reauthorization = new Reauthorization();
    private final IpPacket refused = to(80);

    @Test
    void shouldAskAtOnce() {
        assertThat(reauthorization.refused(refused, START)).isTrue();
    }

    @Test
    void shouldAskAtGrowingIntervalsWhileGrantsDoNotHelp() {
        List<Long> asks = new ArrayList<>();
        for (long time = 0; time < 3600 * SECOND; time += 100 * MILLISECOND) {
            if (reauthorization.refused(refused, START + time)) {
                asks.add(time / SECOND);
                reauthorization.granted(START + time);
            }
        }

        assertThat(asks.subList(0, 6)).containsExactly(0L, 2L, 10L, 42L, 170L, 470L);
    }

    /** Neither a pause of the application nor a bound on errors is an answer. */
    @ParameterizedTest
    @ValueSource(longs = {250, 1000, 1900, 2100, 3000, 4000, 5000, 9000})
    void shouldNotTakeSilenceForSuccess(long pauseMillis) {
        long asks = 0;
        for (long time = 0; time < 30 * SECOND; time += pauseMillis * MILLISECOND) {
            if (reauthorization.refused(refused, START + time)) {
                asks++;
                reauthorization.granted(START + time + MILLISECOND);
            }
        }

        assertThat(asks).isLessThanOrEqualTo(3);
    }

    @Test
    void shouldAskAtOnceAgainAfterAGrantThatHelped() {
        for (long time = 0; time < 60 * SECOND; time += 3 * SECOND) {
            assertThat(reauthorization.refused(refused, START + time)).isTrue();
            reauthorization.granted(START + time);
            reauthorization.received(from(80));
        }
    }

    @Test
    void shouldNotTakeAnAnswerThatAnErrorFollowsForSuccess() {
        assertThat(reauthorization.refused(refused, START)).isTrue();
        reauthorization.granted(START);
        reauthorization.received(from(80));

        assertThat(reauthorization.refused(refused, START + SECOND)).isFalse();
    }

    @Test
    void shouldNotTakeAnAnswerOfAnotherFlowForSuccess() {
        assertThat(reauthorization.refused(refused, START)).isTrue();
        reauthorization.granted(START);
        assertThat(reauthorization.refused(refused, START + 3 * SECOND)).isTrue();
        reauthorization.granted(START + 3 * SECOND);
        reauthorization.received(from(443));

        assertThat(reauthorization.refused(refused, START + 6 * SECOND)).isFalse();
    }

    @Test
    void shouldAskWhenTheGatewayLeavesButNotAgainAndAgain() {
        long asks = 0;
        for (long time = 0; time < 30 * SECOND; time += 500 * MILLISECOND) {
            if (reauthorization.left(START + time)) {
                asks++;
                reauthorization.granted(START + time);
            }
        }
        assertThat(asks).isEqualTo(3);

        reauthorization.received(from(443));
        assertThat(reauthorization.left(START + 40 * SECOND)).isTrue();
    }

    @Test
    void shouldForgetAfterTheLongestWait() {
        assertThat(reauthorization.refused(refused, START)).isTrue();
        assertThat(reauthorization.refused(refused, START + 2 * SECOND)).isTrue();
        long later = START + 3 * SECOND + Reauthorization.LONGEST_WAIT;
        assertThat(reauthorization.refused(refused, later)).isTrue();

        assertThat(reauthorization.refused(refused, later + 2 * SECOND)).isTrue();
    }

    private static IpPacket from(int port) {
        return Packets.wrapped(Packets.udp("172.20.0.1", port, "100.64.0.1", 5000, new byte[1]));
    }

    private static IpPacket to(int port) {
        return Packets.wrapped(Packets.udp("100.64.0.1", 5000, "172.20.0.1", port, new byte[1]));
    }
}
