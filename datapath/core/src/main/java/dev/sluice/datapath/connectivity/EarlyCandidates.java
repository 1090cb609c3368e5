package dev.sluice.datapath.connectivity;

import dev.sluice.datapath.wireguard.Timing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Candidates of peers that there is no connection to yet: on their way they may overtake the message that makes it.
 */
final class EarlyCandidates {
    static final int MOST_PER_PEER = 16;
    static final int MOST_PEERS = 64;

    private final Map<UUID, Waiting> peers = new LinkedHashMap<>();
    private final Timing timing;

    EarlyCandidates(Timing timing) {
        this.timing = timing;
    }

    void add(UUID peer, Candidate candidate, long now) {
        expire(now);
        Waiting waiting = peers.get(peer);
        if (waiting == null) {
            if (peers.size() == MOST_PEERS) {
                return;
            }
            waiting = new Waiting(now + timing.earlyCandidateTime(), new ArrayList<>());
            peers.put(peer, waiting);
        }
        if (waiting.candidates.size() < MOST_PER_PEER && !waiting.candidates.contains(candidate)) {
            waiting.candidates.add(candidate);
        }
    }

    void remove(UUID peer, Candidate candidate) {
        Waiting waiting = peers.get(peer);
        if (waiting != null) {
            waiting.candidates.remove(candidate);
        }
    }

    /** Those that are not too old, and forgets them. */
    List<Candidate> take(UUID peer, long now) {
        expire(now);
        Waiting waiting = peers.remove(peer);
        return waiting == null ? List.of() : waiting.candidates;
    }

    private void expire(long now) {
        peers.values().removeIf(waiting -> waiting.until <= now);
    }

    private record Waiting(long until, List<Candidate> candidates) {}
}
