package dev.sluice.datapath.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Candidates of a gateway that arrive before the message that tells of the gateway: two instances of the portal may
 * deliver them in this order. At most {@value #CAPACITY} for each of at most {@value #GATEWAYS} gateways, for
 * {@link #LIFETIME}.
 */
final class EarlyCandidates {
    static final int CAPACITY = 16;
    static final int GATEWAYS = 64;
    static final long LIFETIME = Duration.ofSeconds(10).toNanos();

    private record Waiting(long since, List<String> candidates) {}

    private final Map<UUID, Waiting> byGateway = new HashMap<>();

    void add(UUID gateway, List<String> candidates, long now) {
        removeStale(now);
        if (byGateway.size() == GATEWAYS && !byGateway.containsKey(gateway)) {
            return;
        }
        List<String> waiting = byGateway.computeIfAbsent(gateway, id -> new Waiting(now, new ArrayList<>())).candidates;
        for (String candidate : candidates) {
            if (waiting.size() < CAPACITY && !waiting.contains(candidate)) {
                waiting.add(candidate);
            }
        }
    }

    void remove(UUID gateway, List<String> candidates) {
        Waiting waiting = byGateway.get(gateway);
        if (waiting != null) {
            waiting.candidates.removeAll(candidates);
        }
    }

    /** The candidates that wait for this gateway; they wait no longer. */
    List<String> take(UUID gateway, long now) {
        removeStale(now);
        Waiting waiting = byGateway.remove(gateway);
        return waiting == null ? List.of() : waiting.candidates;
    }

    private void removeStale(long now) {
        for (Iterator<Waiting> all = byGateway.values().iterator(); all.hasNext(); ) {
            if (now - all.next().since > LIFETIME) {
                all.remove();
            }
        }
    }
}
