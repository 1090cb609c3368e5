package dev.sluice.functions.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.testing.Settings;
import io.quarkus.runtime.ShutdownEvent;
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

    /** A hundred a second, as long as nobody knows better. */
    @Test
    void shouldSpreadWhomItRefuses() {
        assertThat(latestOf(1_000)).isBetween(8L, 9L);
        assertThat(latestOf(10_000)).isEqualTo(60);
    }

    @Test
    void shouldSpreadThemByHowFastOthersComeIn() {
        for (int i = 0; i < 10_000; i++) {
            arrivals.came(1 + i * 2_000_000L);
        }

        assertThat(latestOf(1_000)).as("500 a second").isEqualTo(3);
    }

    /** The longest wait that so many are told; the shortest is always the same. */
    private long latestOf(int refused) {
        long[] waits = IntStream.range(0, refused)
                .mapToLong(i -> Long.parseLong(arrivals.refuse().headers().get("Retry-After")))
                .sorted()
                .toArray();
        assertThat(waits[0]).isEqualTo(2);
        return waits[refused - 1];
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
