package dev.sluice.datapath.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventLoopTest {
    private static final long MILLISECOND = 1_000_000;

    private final EventLoop loop = new EventLoop("test");
    private final Machine machine = new Machine();

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void shouldCallTheMachineWhenItsTimeoutIsDue() throws Exception {
        loop.execute(now -> {
            machine.next = now + 20 * MILLISECOND;
            loop.drive(machine);
        });

        Fired fired = machine.fired.poll(10, TimeUnit.SECONDS);

        assertThat(fired.at()).isGreaterThanOrEqualTo(fired.due());
    }

    @Test
    void shouldSetItsTimerEarlierWhenTheMachineAsks() throws Exception {
        loop.execute(now -> {
            machine.next = Long.MAX_VALUE;
            loop.drive(machine);
        });
        loop.execute(now -> machine.next = now + MILLISECOND);

        assertThat(machine.fired.poll(10, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void shouldFlushAfterEveryInput() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        loop.execute(now -> loop.drive(machine));
        loop.execute(now -> machine.log.add("input"));
        loop.execute(now -> done.countDown());
        done.await();

        assertThat(machine.log).startsWith("flush").containsSubsequence("input", "flush");
    }

    @Test
    void shouldGoOnAfterAnInputThatThrowsAndCountIt() throws Exception {
        loop.execute(now -> loop.drive(machine));
        loop.execute(now -> {
            throw new IllegalArgumentException("a bad packet");
        });
        loop.execute(now -> machine.next = now);

        assertThat(machine.fired.poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(loop.failures()).isEqualTo(1);
    }

    @Test
    void shouldGoOnAfterATimeoutThatThrows() throws Exception {
        loop.execute(now -> {
            machine.throwing = true;
            machine.next = now;
            loop.drive(machine);
            machine.throwing = false;
        });
        loop.execute(now -> machine.next = now + MILLISECOND);

        assertThat(machine.fired.poll(10, TimeUnit.SECONDS)).isNotNull();
        assertThat(loop.failures()).isGreaterThanOrEqualTo(1);
    }

    @Test
    void shouldReadAClockThatNeverGoesBack() throws Exception {
        BlockingQueue<Long> times = new LinkedBlockingQueue<>();
        for (int i = 0; i < 100; i++) {
            loop.execute(times::add);
        }
        long last = 0;
        for (int i = 0; i < 100; i++) {
            long time = times.poll(10, TimeUnit.SECONDS);
            assertThat(time).isGreaterThanOrEqualTo(last);
            last = time;
        }
    }

    private record Fired(long due, long at) {}

    private static final class Machine implements EventLoop.Driven {
        private final BlockingQueue<Fired> fired = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> log = new LinkedBlockingQueue<>();
        private long next = Long.MAX_VALUE;
        private boolean throwing;

        @Override
        public void handleTimeout(long now) {
            if (throwing) {
                throw new IllegalStateException("a bad timer");
            }
            fired.add(new Fired(next, now));
            next = Long.MAX_VALUE;
        }

        @Override
        public long nextTimeout() {
            return next;
        }

        @Override
        public void flush() {
            log.add("flush");
        }
    }
}
