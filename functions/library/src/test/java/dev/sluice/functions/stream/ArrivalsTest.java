package dev.sluice.functions.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.testing.Settings;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
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

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
