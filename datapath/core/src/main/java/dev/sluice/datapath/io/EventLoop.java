package dev.sluice.datapath.io;

import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one thread of a device: its sockets, its TUN device and its state machine all belong to it, so that nothing
 * needs a lock and order is never broken.
 *
 * <p>Whoever hands input to the state machine calls {@link #finish} after each batch: what is due is done, even under
 * load, output is flushed, and one timer is set for the machine's next timeout. Nothing ends the loop: an exception
 * costs the packet it came with, is logged once and counted.
 */
public final class EventLoop implements AutoCloseable {
    /** What the loop runs. */
    public interface Driven {
        void handleTimeout(long now);

        /** When {@link #handleTimeout} must be called, {@link Long#MAX_VALUE} for never. */
        long nextTimeout();

        /** Sends what was collected. */
        void flush();
    }

    /** Something to do on the loop, at a time. */
    @FunctionalInterface
    public interface Input {
        void run(long now);
    }

    private static final System.Logger LOG = System.getLogger(EventLoop.class.getName());

    /** Netty's timer stands still while the machine sleeps: looking this often bounds what that costs, in ns. */
    private static final long LONGEST_SLEEP = Duration.ofSeconds(1).toNanos();

    private static final long CLOSE_TIMEOUT_MILLIS = 500;

    private final MultiThreadIoEventLoopGroup group;
    private final IoEventLoop netty;
    private final Clocks clocks = new Clocks();
    private @Nullable Driven driven;
    private @Nullable ScheduledFuture<?> timer;
    private long armedFor = Long.MAX_VALUE;
    private volatile long failures;
    private boolean complained;

    /** @param name of the thread */
    public EventLoop(String name) {
        Epoll.ensureAvailability();
        group = new MultiThreadIoEventLoopGroup(
                1, Thread.ofPlatform().name(name).factory()::newThread, EpollIoHandler.newFactory());
        netty = group.next();
    }

    /** What sockets and devices are registered with. */
    public IoEventLoop netty() {
        return netty;
    }

    /** Monotonic nanoseconds. On the loop. */
    public long now() {
        return clocks.now();
    }

    /** Runs {@code what} from now on. On the loop. */
    public void drive(Driven what) {
        driven = what;
        finish(now());
    }

    /** Runs {@code input} on the loop, from any thread, and finishes. */
    public void execute(Input input) {
        netty.execute(() -> {
            long now = now();
            try {
                input.run(now);
            } catch (RuntimeException failure) {
                failed(failure);
            }
            finish(now);
        });
    }

    /** Ends a batch of input: what is due, flush, timer. On the loop. */
    public void finish(long now) {
        Driven core = driven;
        if (core == null) {
            return;
        }
        try {
            if (core.nextTimeout() <= now) {
                core.handleTimeout(now);
            }
        } catch (RuntimeException failure) {
            failed(failure);
        }
        try {
            core.flush();
        } catch (RuntimeException failure) {
            failed(failure);
        }
        arm(core, now);
    }

    /** Counts what an input threw. On the loop. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by the loop alone
    public void failed(RuntimeException failure) {
        failures++;
        if (!complained) {
            complained = true;
            LOG.log(
                    System.Logger.Level.ERROR,
                    "an input could not be handled; it was skipped, and further ones are only counted",
                    failure);
        }
    }

    /** How many inputs threw. From any thread. */
    public long failures() {
        return failures;
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, CLOSE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(CLOSE_TIMEOUT_MILLIS);
    }

    /** A timer that fires early finds nothing to do and is set again: cheaper than to move it with every packet. */
    private void arm(Driven core, long now) {
        long next = Math.min(core.nextTimeout(), now + LONGEST_SLEEP);
        if (timer != null) {
            if (armedFor <= next) {
                return;
            }
            timer.cancel(false);
        }
        armedFor = next;
        timer = netty.schedule(this::fire, Math.max(0, next - now), TimeUnit.NANOSECONDS);
    }

    private void fire() {
        timer = null;
        finish(now());
    }
}
