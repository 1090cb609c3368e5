package dev.sluice.datapath.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.Packets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

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
                reauthorization.granted();
            }
            reauthorization.sent(refused, START + time + MILLISECOND);
        }

        assertThat(asks.subList(0, 6)).containsExactly(0L, 2L, 10L, 42L, 170L, 470L);
    }

    @Test
    void shouldNotTakeAPauseOfTheApplicationForSuccess() {
        long asks = 0;
        for (long time = 0; time < 30 * SECOND; time += 3 * SECOND) {
            reauthorization.sent(refused, START + time);
            if (reauthorization.refused(refused, START + time + MILLISECOND)) {
                asks++;
                reauthorization.granted();
            }
        }

        assertThat(asks).isLessThanOrEqualTo(3);
    }

    @Test
    void shouldAskAtOnceAgainAfterAGrantThatHelped() {
        assertThat(reauthorization.refused(refused, START)).isTrue();
        reauthorization.granted();
        reauthorization.sent(refused, START + 10 * MILLISECOND);
        assertThat(reauthorization.refused(refused, START + 5 * SECOND)).isTrue();
        reauthorization.granted();
        reauthorization.sent(refused, START + 5 * SECOND + MILLISECOND);

        assertThat(reauthorization.refused(refused, START + 8 * SECOND)).isTrue();
    }

    @Test
    void shouldNotTakeAnotherFlowForSuccess() {
        assertThat(reauthorization.refused(refused, START)).isTrue();
        reauthorization.granted();
        reauthorization.sent(to(443), START + 10 * MILLISECOND);
        assertThat(reauthorization.refused(refused, START + 3 * SECOND)).isTrue();
        reauthorization.granted();

        assertThat(reauthorization.refused(refused, START + 6 * SECOND)).isFalse();
    }

    @Test
    void shouldForgetAfterTheLongestWait() {
        assertThat(reauthorization.refused(refused, START)).isTrue();
        long later = START + Reauthorization.LONGEST_WAIT + SECOND;
        assertThat(reauthorization.refused(refused, later)).isTrue();

        assertThat(reauthorization.refused(refused, later + 2 * SECOND)).isTrue();
    }

    private static IpPacket to(int port) {
        return Packets.wrapped(Packets.udp("100.64.0.1", 5000, "172.20.0.1", port, new byte[1]));
    }
}
