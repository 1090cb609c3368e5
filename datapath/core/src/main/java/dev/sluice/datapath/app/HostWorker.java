package dev.sluice.datapath.app;

import dev.sluice.datapath.io.HostRoutes;
import dev.sluice.datapath.io.HostRoutesException;
import dev.sluice.datapath.portal.TunnelSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The one thread for what blocks: setting routes, and looking at interfaces and files now and then. Of several settings
 * that wait, the last counts.
 */
final class HostWorker implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HostWorker.class.getName());
    private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(800);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("host").daemon().factory());
    private final HostRoutes routes;
    private final AtomicReference<@Nullable TunnelSettings> wanted = new AtomicReference<>();
    private volatile boolean configured;
    private volatile @Nullable String trouble;

    HostWorker(HostRoutes routes) {
        this.routes = routes;
    }

    /** Sets the tunnel's addresses and routes, soon. From any thread. */
    void configure(TunnelSettings settings) {
        if (wanted.getAndSet(settings) == null) {
            thread.execute(this::apply);
        }
    }

    /** Whether the host has taken the first settings. */
    boolean configured() {
        return configured;
    }

    /** What the host refused last; null while it takes everything. */
    @Nullable String trouble() {
        return trouble;
    }

    /** Runs {@code look} again and again. */
    void every(Duration interval, Runnable look) {
        thread.scheduleWithFixedDelay(
                () -> {
                    try {
                        look.run();
                    } catch (RuntimeException failure) {
                        LOG.log(System.Logger.Level.WARNING, "a look at the host failed", failure);
                    }
                },
                interval.toMillis(),
                interval.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Follows the host's own routes. */
    void refresh() {
        try {
            routes.refresh();
        } catch (HostRoutesException refused) {
            LOG.log(System.Logger.Level.WARNING, refused.getMessage());
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
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        thread.shutdownNow();
    }

    private void apply() {
        TunnelSettings settings = wanted.getAndSet(null);
        if (settings == null) {
            return;
        }
        try {
            routes.configure(List.of(settings.ipv4(), settings.ipv6()), settings.routes());
            trouble = null;
        } catch (HostRoutesException refused) {
            trouble = refused.getMessage();
            LOG.log(System.Logger.Level.ERROR, "the host does not take all routes: " + trouble);
        }
        configured = true;
    }

    private void remove() {
        try {
            routes.close();
        } catch (HostRoutesException refused) {
            LOG.log(System.Logger.Level.WARNING, "not all routes could be removed: " + refused.getMessage());
        }
    }
}
