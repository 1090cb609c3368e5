package dev.sluice.datapath.app;

import dev.sluice.datapath.gateway.GatewayStatus;
import dev.sluice.datapath.io.diagnosis.ReturnPath;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Resources that clients send to and that nothing comes back from. While one is silent, and clients go on sending, it is
 * found out what becomes of their packets, which is said once and shown until an answer comes.
 */
final class SilentResources implements AutoCloseable {
    /** As long as this without an answer is worth a look; also the time in which a client that waits sends again. */
    static final Duration SILENCE = Duration.ofSeconds(5);

    /** One look lasts for seconds and costs a copy of each packet of the resource. */
    static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

    private static final System.Logger LOG = System.getLogger(SilentResources.class.getName());
    private static final Duration INTERVAL = Duration.ofSeconds(3);

    /** Finds out why; empty if it cannot tell. */
    interface Inquiry {
        Optional<String> look(GatewayStatus.Unanswered packets) throws IOException;
    }

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("diagnosis").daemon().factory());
    private final Inquiry inquiry;
    private final Map<UUID, String> findings = new ConcurrentHashMap<>();
    private final Map<UUID, Long> lookedAt = new HashMap<>();

    SilentResources(Inquiry inquiry) {
        this.inquiry = inquiry;
    }

    /** @param tunnel the name of the tunnel's interface */
    static SilentResources behind(String tunnel, String clientRanges) {
        ReturnPath path = new ReturnPath(tunnel, clientRanges);
        return new SilentResources(packets -> path.look(packets.client(), packets.destination()));
    }

    /** Looks again and again at what {@code traffic} tells. */
    void watch(Supplier<List<GatewayStatus.TrafficStatus>> traffic, LongSupplier clock) {
        thread.scheduleWithFixedDelay(
                () -> {
                    try {
                        consider(traffic.get(), clock.getAsLong());
                    } catch (CompletionException busy) {
                        LOG.log(System.Logger.Level.DEBUG, "the traffic was not told in time", busy);
                    }
                },
                INTERVAL.toMillis(),
                INTERVAL.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Why nothing comes back from a resource; empty if something does, or that is not known. From any thread. */
    Optional<String> finding(UUID resource) {
        return Optional.ofNullable(findings.get(resource));
    }

    /** For one thread. */
    void consider(List<GatewayStatus.TrafficStatus> traffic, long now) {
        List<UUID> silent = traffic.stream()
                .filter(status -> status.unanswered() != null)
                .map(GatewayStatus.TrafficStatus::resource)
                .toList();
        lookedAt.keySet().retainAll(silent);
        for (UUID answering : List.copyOf(findings.keySet())) {
            if (!silent.contains(answering)) {
                findings.remove(answering);
                LOG.log(System.Logger.Level.INFO, "resource {0} is not silent any more", answering);
            }
        }
        for (GatewayStatus.TrafficStatus status : traffic) {
            GatewayStatus.Unanswered packets = status.unanswered();
            if (packets != null && isDue(status.resource(), packets, now)) {
                lookedAt.put(status.resource(), now);
                look(status.resource(), packets);
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private boolean isDue(UUID resource, GatewayStatus.Unanswered packets, long now) {
        Long looked = lookedAt.get(resource);
        return packets.silence() >= SILENCE.toNanos()
                && now - packets.last() < SILENCE.toNanos()
                && (looked == null || now - looked >= LOOK_AGAIN.toNanos());
    }

    private void look(UUID resource, GatewayStatus.Unanswered packets) {
        try {
            Optional<String> found = inquiry.look(packets);
            if (found.isPresent() && !found.get().equals(findings.put(resource, found.get()))) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "nothing comes back from resource " + resource + ": " + found.get());
            }
        } catch (IOException unable) {
            LOG.log(System.Logger.Level.DEBUG, "what becomes of packets cannot be seen: {0}", unable.getMessage());
        }
    }
}
