package dev.sluice.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.peer.WireIdentity;
import dev.sluice.peer.WirePeer;
import io.netty.channel.EventLoopGroup;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Clients that ask for one resource again and again, and gateways that confirm at once, all on one event loop. Nothing of
 * it is ours but the wire: what is measured is the portal.
 */
final class FlowLoad {
    private static final String ADDRESS = "172.20.0.0/16";
    private static final Duration JOIN_WITHIN = Duration.ofSeconds(60);
    /** Then the client gives up, as those of 2025 do. */
    private static final long ANSWER_WITHIN = Duration.ofSeconds(5).toNanos();

    private static final long LONGEST = Duration.ofMinutes(1).toNanos();

    /** One client: it has an ask open, or waits for its turn. */
    private static final class Asker {
        final WirePeer peer;
        final String ask;
        /** When the open ask was due, in monotonic nanoseconds; 0 if none is open. */
        long dueAt;

        Asker(WirePeer peer, String resource) {
            this.peer = peer;
            this.ask = "{\"resource_id\":\"" + resource + "\",\"connected_gateway_ids\":[]}";
        }
    }

    private final EventLoopGroup loop;
    private final BiConsumer<String, Long> rejected;
    private final List<Asker> askers = new ArrayList<>();
    private final List<WirePeer> gateways = new ArrayList<>();
    private final Deque<Asker> idle = new ArrayDeque<>();
    private Histogram latency = new Histogram(LONGEST, 3);
    private long failures;
    private boolean running;
    private boolean closedLoop;
    /** Open loop: what is due and has nobody to ask it. */
    private final Deque<Long> late = new ArrayDeque<>();

    /** @param loop of one thread, which alone touches what is here */
    FlowLoad(EventLoopGroup loop) {
        this(loop, (text, at) -> {});
    }

    /** @param rejected takes each frame that ends access at a gateway, on the loop, and when it came (monotonic) */
    FlowLoad(EventLoopGroup loop, BiConsumer<String, Long> rejected) {
        this.loop = loop;
        this.rejected = rejected;
    }

    /** Connects gateways beside those that are there, and waits until all have joined. */
    void addGateways(URI url, String token, int count, String prefix) {
        CountDownLatch joined = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            connect(url, WireIdentity.gateway(token, prefix + i), (peer, text) -> {
                if (text.contains("\"event\":\"authorize_flow\"")) {
                    String ref = WirePeer.payload(text).path("ref").asText();
                    peer.send("flow_authorized", "{\"ref\":\"" + ref + "\"}");
                } else if (text.contains("\"event\":\"reject_access\"")) {
                    rejected.accept(text, System.nanoTime());
                } else if (text.contains("\"event\":\"init\"")) {
                    gateways.add(peer);
                    joined.countDown();
                }
            });
        }
        await(joined, JOIN_WITHIN, "gateways joined");
    }

    /** Connects clients beside those that are there, and waits until all have joined. */
    void addClients(URI url, String token, int count, String prefix) {
        CountDownLatch joined = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            @Nullable Asker[] asker = new Asker[1];
            connect(url, WireIdentity.client(token, prefix + i), (peer, text) -> {
                if (asker[0] == null && text.contains("\"event\":\"init\"")) {
                    asker[0] = new Asker(peer, resource(WirePeer.payload(text)));
                    askers.add(asker[0]);
                    joined.countDown();
                } else if (asker[0] != null && text.contains("\"event\":\"flow_creat")) {
                    answered(asker[0], text.contains("\"event\":\"flow_created\""));
                }
            });
        }
        await(joined, JOIN_WITHIN, "clients joined");
    }

    /** As often as it takes: a portal to which many come at once tells some to come again. */
    private void connect(URI url, WireIdentity identity, BiConsumer<WirePeer, String> received) {
        AtomicBoolean in = new AtomicBoolean();
        WirePeer.connect(
                loop,
                url,
                identity,
                (peer, text) -> {
                    in.set(true);
                    received.accept(peer, text);
                },
                seconds -> {
                    if (!in.get() && !loop.isShuttingDown()) {
                        loop.schedule(() -> connect(url, identity, received), Math.max(1, seconds), TimeUnit.SECONDS);
                    }
                });
    }

    /** Lets all clients and gateways go. */
    void close() {
        onLoop(() -> {
            askers.forEach(asker -> asker.peer.close());
            gateways.forEach(WirePeer::close);
            askers.clear();
            gateways.clear();
        });
    }

    /**
     * Flows of a while.
     *
     * @param latency from when an ask was due until its answer, in nanoseconds
     * @param failures asks without an answer, or with another one
     */
    record Outcome(Duration time, Histogram latency, long failures) {
        double perSecond() {
            return latency.getTotalCount() / (time.toNanos() / 1e9);
        }
    }

    /** The first {@code count} clients ask as soon as they are answered. */
    Outcome closedLoop(int count, Duration time) {
        return run(time, () -> {
            closedLoop = true;
            askers.subList(0, count).forEach(asker -> ask(asker, System.nanoTime()));
        });
    }

    /** Asks are due at a fixed rate, whether the portal keeps up or not. */
    Outcome openLoop(double perSecond, Duration time) {
        long interval = (long) (1e9 / perSecond);
        return run(time, () -> {
            closedLoop = false;
            idle.addAll(askers);
            schedule(System.nanoTime(), interval);
        });
    }

    private Outcome run(Duration time, Runnable start) {
        long begin = System.nanoTime();
        onLoop(() -> {
            latency = new Histogram(LONGEST, 3);
            failures = 0;
            running = true;
            start.run();
            expire();
        });
        sleep(time);
        Outcome[] outcome = new Outcome[1];
        onLoop(() -> {
            running = false;
            outcome[0] = new Outcome(Duration.ofNanos(System.nanoTime() - begin), latency, failures);
            latency = new Histogram(LONGEST, 3);
            late.clear();
            idle.clear();
        });
        // What is still open is answered, or given up, before the next run.
        sleep(Duration.ofSeconds(1));
        onLoop(() -> askers.forEach(asker -> asker.dueAt = 0));
        return outcome[0];
    }

    private void ask(Asker asker, long dueAt) {
        asker.dueAt = dueAt;
        asker.peer.send("create_flow", asker.ask);
    }

    private void answered(Asker asker, boolean granted) {
        if (asker.dueAt == 0) {
            return;
        }
        long now = System.nanoTime();
        if (granted) {
            latency.recordValue(Math.min(now - asker.dueAt, LONGEST));
        } else {
            failures++;
        }
        next(asker, now);
    }

    private void next(Asker asker, long now) {
        asker.dueAt = 0;
        if (!running) {
            return;
        }
        if (closedLoop) {
            ask(asker, now);
        } else if (late.isEmpty()) {
            idle.add(asker);
        } else {
            ask(asker, late.poll());
        }
    }

    private void schedule(long dueAt, long interval) {
        long now = System.nanoTime();
        long due = dueAt;
        for (; running && due <= now; due += interval) {
            Asker asker = idle.poll();
            if (asker == null) {
                late.add(due);
            } else {
                ask(asker, due);
            }
        }
        if (running) {
            long then = due;
            loop.schedule(() -> schedule(then, interval), due - now, TimeUnit.NANOSECONDS);
        }
    }

    private void expire() {
        long now = System.nanoTime();
        for (Asker asker : askers) {
            if (asker.dueAt != 0 && now - asker.dueAt > ANSWER_WITHIN) {
                failures++;
                next(asker, now);
            }
        }
        if (running) {
            loop.schedule(this::expire, 1, TimeUnit.SECONDS);
        }
    }

    private void onLoop(Runnable work) {
        loop.submit(work).syncUninterruptibly();
    }

    private static String resource(JsonNode init) {
        for (JsonNode resource : init.path("resources")) {
            if (ADDRESS.equals(resource.path("address").asText())) {
                return resource.path("id").asText();
            }
        }
        throw new BenchmarkFailedException("the portal offers no resource " + ADDRESS);
    }

    private static void await(CountDownLatch latch, Duration atMost, String what) {
        try {
            if (!latch.await(atMost.toSeconds(), TimeUnit.SECONDS)) {
                throw new BenchmarkFailedException(
                        latch.getCount() + " of the " + what + " not within " + atMost.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkFailedException("interrupted", e);
        }
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkFailedException("interrupted", e);
        }
    }
}
