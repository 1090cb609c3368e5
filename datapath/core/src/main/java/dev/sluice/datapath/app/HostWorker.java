package dev.sluice.datapath.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.datapath.io.route.HostRoutes;
import dev.sluice.datapath.io.route.HostRoutesException;
import dev.sluice.datapath.io.route.RouteSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The one thread for what blocks: setting routes, putting back what somebody else took away, and looking at interfaces
 * and files now and then. Of several settings that wait, the last counts.
 */
final class HostWorker implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HostWorker.class.getName());
    /** What the kernel does not tell, and what is put back late, waits for no longer than this. */
    static final Duration LOOK_INTERVAL = Duration.ofSeconds(3);

    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(800);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("host").daemon().factory());
    private final HostRoutes routes;
    private final ForeignHands hands;
    private final AtomicReference<@Nullable RouteSettings> wanted = new AtomicReference<>();
    private final List<Runnable> looks = new CopyOnWriteArrayList<>();
    private final AtomicBoolean lookDue = new AtomicBoolean();
    private volatile boolean configured;
    private volatile @Nullable String trouble;
    private volatile long stopped;

    HostWorker(HostRoutes routes) {
        this.routes = routes;
        this.hands = new ForeignHands(routes.hasBarrier());
    }

    /** Sets the tunnel's addresses and routes, soon. From any thread. */
    void configure(RouteSettings settings) {
        if (wanted.getAndSet(settings) == null) {
            thread.execute(this::apply);
        }
    }

    /** Sets them before it returns. */
    void configureNow(RouteSettings settings) throws HostRoutesException {
        configure(settings);
        CompletableFuture.runAsync(() -> {}, thread).join();
        String refusal = trouble;
        if (refusal != null) {
            throw new HostRoutesException(refusal);
        }
    }

    /** Whether the host has taken the settings, all of them. */
    boolean configured() {
        return configured;
    }

    /** What the host refused last; null while it takes everything. */
    @Nullable String trouble() {
        return trouble;
    }

    /** What the host has of ours. From any thread. */
    void report(ObjectNode into) {
        into.put("barrier", routes.hasBarrier() ? "nf_tables" : "none")
                .put("stopped_by_barrier", stopped)
                .put("restored", hands.restored());
    }

    List<Metric> metrics() {
        return List.of(
                Metric.of("sluice_routes_refused", trouble == null ? 0 : 1),
                Metric.of("sluice_routes_restored_total", hands.restored()),
                Metric.of("sluice_barrier_up", routes.hasBarrier() ? 1 : 0),
                Metric.of("sluice_barrier_stopped_packets_total", stopped));
    }

    /** Runs {@code look} again and again. */
    void every(Duration interval, Runnable look) {
        thread.scheduleWithFixedDelay(
                () -> safely(look), interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Looks at routes, and has {@code more} look too, every {@link #LOOK_INTERVAL} and whenever the host changes. */
    void watch(Runnable more) {
        looks.add(more);
        every(LOOK_INTERVAL, this::look);
    }

    /**
     * Looks soon whether everything is there still. From any thread.
     *
     * @param program whose doing gives reason to look, empty if that is not known
     */
    void lookSoon(String program) {
        hands.seen(program);
        if (lookDue.compareAndSet(false, true)) {
            long delay = hands.delayMillis(System.nanoTime());
            try {
                thread.schedule(this::look, delay, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException closing) {
                LOG.log(System.Logger.Level.DEBUG, "the host changed while this process ends");
            }
        }
    }

    /** On the worker's own thread. */
    private void look() {
        lookDue.set(false);
        looks.forEach(HostWorker::safely);
        try {
            List<String> missing = routes.restore();
            stopped = routes.stopped();
            if (!missing.isEmpty()) {
                hands.restored(missing, System.nanoTime());
            }
            settled(null);
        } catch (HostRoutesException refused) {
            settled(refused.getMessage());
        }
    }

    /** Removes everything from the host. */
    @Override
    public void close() {
        CompletableFuture<Void> removed = CompletableFuture.runAsync(this::remove, thread);
        try {
            removed.get(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException slow) {
            LOG.log(System.Logger.Level.WARNING, "routes were not removed in time; run: sluice client cleanup");
        } catch (InterruptedException stoppedWaiting) {
            Thread.currentThread().interrupt();
        }
        thread.shutdownNow();
    }

    private static void safely(Runnable look) {
        try {
            look.run();
        } catch (RuntimeException failure) {
            LOG.log(System.Logger.Level.WARNING, "a look at the host failed", failure);
        }
    }

    private void apply() {
        RouteSettings settings = wanted.getAndSet(null);
        if (settings == null) {
            return;
        }
        try {
            routes.configure(settings);
            configured = true;
            settled(null);
        } catch (HostRoutesException refused) {
            settled(refused.getMessage());
        }
    }

    /** Said once, and again when it is another. */
    private void settled(@Nullable String refusal) {
        if (refusal != null && !refusal.equals(trouble)) {
            LOG.log(System.Logger.Level.ERROR, "the host does not take all routes: " + refusal + "; trying again");
        } else if (refusal == null && trouble != null) {
            LOG.log(System.Logger.Level.INFO, "the host has taken all routes");
            configured = true;
        }
        trouble = refusal;
    }

    private void remove() {
        try {
            routes.close();
        } catch (HostRoutesException refused) {
            LOG.log(System.Logger.Level.WARNING, "not all routes could be removed: " + refused.getMessage());
        }
    }
}
