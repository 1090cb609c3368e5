package dev.sluice.functions.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.testing.Settings;
import io.quarkus.runtime.ShutdownEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
    private final Arrivals arrivals =
            new Arrivals(Settings.of(StreamSettings.class, Map.of("sluice.stream.arrivals-at-once", "2")));

    @Test
    void shouldRefuseHandshakesBeyondThoseThatAreChecked() {
        assertThat(arrivals.mayShakeHands()).isTrue();
        assertThat(arrivals.mayShakeHands()).isTrue();
        assertThat(arrivals.mayShakeHands()).isFalse();

        arrivals.checked();
        assertThat(arrivals.mayShakeHands()).isTrue();
    }

    @Test
    void shouldRefuseHandshakesWhileAsManyWaitForTheirSnapshot() throws Exception {
        var release = new CountDownLatch(1);
        var making = new AtomicInteger();
        var most = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 4; i++) {
                threads.submit(() -> arrivals.inTurn(() -> {
                    most.accumulateAndGet(making.incrementAndGet(), Math::max);
                    await(release);
                    return making.decrementAndGet();
                }));
            }
            while (arrivals.mayShakeHands()) {
                arrivals.checked();
            }
            release.countDown();
        }
        assertThat(most.get()).isEqualTo(2);
        assertThat(arrivals.mayShakeHands()).isTrue();
    }

    @Test
    void shouldRefuseEverybodyOnceThePortalStops() {
        arrivals.stop(new ShutdownEvent());

        assertThat(arrivals.mayShakeHands()).isFalse();
    }

    /** Two hundred a second, as long as nobody knows better. */
    @Test
    void shouldAskThoseBackOneAfterTheOtherWhomItRefuses() {
        var waits = waits(1_000, 0);

        assertThat(waits).isSorted();
        assertThat(waits.getFirst()).isEqualTo(2);
        assertThat(waits.getLast()).isEqualTo(7);
        assertThat(waits.stream().filter(wait -> wait == 4).count())
                .as("within one second")
                .isBetween(199L, 201L);
    }

    @Test
    void shouldAskThemBackFasterThanOthersComeInOfLate() {
        long now = 0;
        for (int i = 0; i < 10_000; i++) {
            now = i * 2_000_000L;
            arrivals.came(now);
        }

        assertThat(waits(1_250, now).getLast())
                .as("500 a second, and a quarter more")
                .isEqualTo(4);
    }

    @Test
    void shouldNotAskThemToWaitForLongerThanAMinute() {
        var waits = waits(20_000, 0);

        assertThat(waits).allMatch(wait -> wait >= 2 && wait <= 60);
        assertThat(waits.subList(15_000, 20_000).stream().distinct().count())
                .as("those for whom there is no room come at any time")
                .isEqualTo(59);
    }

    @Test
    void shouldForgetWhomItRefusedLongAgo() {
        waits(1_000, 0);

        assertThat(waits(1, Duration.ofSeconds(10).toNanos())).containsExactly(2L);
    }

    /** What so many are told who are refused at one moment. */
    private List<Long> waits(int refused, long now) {
        return IntStream.range(0, refused)
                .mapToObj(i -> Long.valueOf(arrivals.refuse(now).headers().get("Retry-After")))
                .toList();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
