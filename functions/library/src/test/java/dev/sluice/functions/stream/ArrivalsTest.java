package dev.sluice.functions.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.functions.testing.Settings;
import io.quarkus.runtime.ShutdownEvent;
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

    @Test
    void shouldRefuseEverybodyOnceThePortalStops() {
        arrivals.stop(new ShutdownEvent());

        assertThat(arrivals.mayShakeHands()).isFalse();
    }

    @Test
    void shouldSpreadWhomItRefuses() {
        var soonest = Long.MAX_VALUE;
        var latest = 0L;
        for (int i = 0; i < 10_000; i++) {
            long seconds = Long.parseLong(arrivals.refuse().headers().get("Retry-After"));
            soonest = Math.min(soonest, seconds);
            latest = Math.max(latest, seconds);
        }
        assertThat(soonest).isEqualTo(2);
        assertThat(latest).isEqualTo(30);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
