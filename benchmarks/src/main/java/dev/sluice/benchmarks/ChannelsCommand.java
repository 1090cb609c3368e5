package dev.sluice.benchmarks;

import dev.sluice.peer.WireIdentity;
import dev.sluice.peer.WirePeer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Many devices that stay connected: what each costs, and how they come back when the portal restarts. */
@Command(
        name = "channels",
        description = {
            "Connects many clients to one portal and measures the heap that each takes; then restarts the portal, which they",
            "find again within 20 s, and measures until all have their snapshot."
        },
        mixinStandardHelpOptions = true)
final class ChannelsCommand implements Callable<Integer> {
    private static final List<String> COLUMNS =
            List.of("what", "channels", "all after s", "p50 s", "p99 s", "refused", "heap KiB a channel");
    /** By when a device of 2025 or later has noticed and tries again. */
    private static final long JITTER_MILLIS = Duration.ofSeconds(20).toMillis();
    /** Where nothing was answered. */
    private static final long RETRY_MILLIS = Duration.ofSeconds(2).toMillis();

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @Option(names = "--channels", description = "How many (default: ${DEFAULT-VALUE}).")
    private int channels = 10_000;

    @Option(names = "--results", paramLabel = "DIR", description = "Where to record (default: benchmarks/results).")
    private @Nullable Path results;

    private final SplittableRandom random = new SplittableRandom(1);
    private final Set<WireIdentity> joined = ConcurrentHashMap.newKeySet();
    private final AtomicLong refused = new AtomicLong();
    private Histogram arrivals = new ConcurrentHistogram(PATIENCE.toMillis() * 2, 3);
    private volatile long since;

    @Override
    public Integer call() throws InterruptedException {
        if (channels < 1) {
            throw new BenchmarkFailedException("--channels: at least one");
        }
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        List<Map<String, Object>> rows = new ArrayList<>();
        AtomicBoolean over = new AtomicBoolean();
        try (PortalUnderTest portal = PortalUnderTest.start()) {
            String token = portal.clientToken();
            long before = portal.heapBytes();
            begin();
            for (int i = 0; i < channels; i++) {
                schedule(
                        loop, portal.socket("client"), WireIdentity.client(token, "channel-" + i), over, JITTER_MILLIS);
            }
            await();
            // Heartbeats come and go meanwhile.
            Thread.sleep(Duration.ofSeconds(35));
            long heap = portal.heapBytes() - before;
            rows.add(row("the first time", String.format(Locale.ROOT, "%.1f", heap / 1024.0 / channels)));
            joined.clear();
            portal.restart();
            begin();
            await();
            rows.add(row("after a restart", ""));
            over.set(true);
        } finally {
            over.set(true);
            loop.shutdownGracefully(0, 5, TimeUnit.SECONDS);
        }
        List<String> notes = List.of(
                "Times are since the portal answered; devices come at any moment of 20 s; who is refused comes when it is told to, or up to 2 s later.",
                "Heap is what a full collection leaves, less what it left before, while heartbeats go on.");
        Report report = new Report(
                "channels", Machine.current("./sluice bench channels --channels " + channels), COLUMNS, rows, notes);
        report.print();
        report.record(results == null ? Report.defaultDirectory() : results);
        return 0;
    }

    private void begin() {
        arrivals = new ConcurrentHistogram(PATIENCE.toMillis() * 2, 3);
        refused.set(0);
        since = System.nanoTime();
    }

    private void schedule(EventLoopGroup loop, URI url, WireIdentity identity, AtomicBoolean over, long withinMillis) {
        long delay;
        synchronized (random) {
            delay = random.nextLong(withinMillis + 1);
        }
        loop.schedule(() -> connect(loop, url, identity, over), delay, TimeUnit.MILLISECONDS);
    }

    private void connect(EventLoopGroup loop, URI url, WireIdentity identity, AtomicBoolean over) {
        if (over.get()) {
            return;
        }
        AtomicBoolean in = new AtomicBoolean();
        WirePeer.connect(
                loop,
                url,
                identity,
                (peer, text) -> {
                    if (text.contains("\"event\":\"init\"") && in.compareAndSet(false, true)) {
                        joined.add(identity);
                        arrivals.recordValue((System.nanoTime() - since) / 1_000_000);
                    }
                },
                seconds -> {
                    if (in.get()) {
                        schedule(loop, url, identity, over, JITTER_MILLIS);
                    } else {
                        refused.incrementAndGet();
                        long wait = Math.max(RETRY_MILLIS, TimeUnit.SECONDS.toMillis(seconds));
                        loop.schedule(
                                () -> schedule(loop, url, identity, over, RETRY_MILLIS), wait, TimeUnit.MILLISECONDS);
                    }
                });
    }

    private void await() throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (joined.size() < channels) {
            if (System.nanoTime() > end) {
                throw new BenchmarkFailedException((channels - joined.size()) + " channels have no snapshot after "
                        + PATIENCE.toMinutes() + " min");
            }
            Thread.sleep(100);
        }
        System.err.printf(Locale.ROOT, "%d channels after %.1f s%n", joined.size(), (System.nanoTime() - since) / 1e9);
    }

    private Map<String, Object> row(String what, String heap) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("what", what);
        row.put("channels", joined.size());
        row.put("all after s", seconds(arrivals.getMaxValue()));
        row.put("p50 s", seconds(arrivals.getValueAtPercentile(50)));
        row.put("p99 s", seconds(arrivals.getValueAtPercentile(99)));
        row.put("refused", refused.get());
        row.put("heap KiB a channel", heap);
        System.err.println(row);
        return row;
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1f", millis / 1000.0);
    }
}
