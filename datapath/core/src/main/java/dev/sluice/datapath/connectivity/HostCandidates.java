package dev.sluice.datapath.connectivity;

import dev.sluice.datapath.wire.Endpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The candidates of the device's own sockets. A socket that stays keeps its candidate, and so its priority. */
final class HostCandidates implements CandidateSource {
    private final Map<Endpoint, LocalCandidate> candidates = new LinkedHashMap<>();

    @Override
    public List<LocalCandidate> candidates() {
        return List.copyOf(candidates.values());
    }

    /** Replaces the sockets' addresses; those that no peer could send to are skipped. */
    void replace(Collection<Endpoint> endpoints) {
        candidates.keySet().retainAll(endpoints);
        for (Endpoint endpoint : endpoints) {
            if (Candidate.usable(endpoint.address()) && endpoint.port() != 0 && !candidates.containsKey(endpoint)) {
                candidates.put(endpoint, new LocalCandidate(candidate(endpoint), endpoint));
            }
        }
    }

    /** With the best priority of its family that is free. */
    private Candidate candidate(Endpoint endpoint) {
        List<Long> taken = new ArrayList<>();
        candidates.values().forEach(known -> taken.add(known.candidate().priority()));
        int rank = 0;
        Candidate candidate = Candidate.local(CandidateType.HOST, endpoint, endpoint, rank);
        while (taken.contains(candidate.priority())) {
            rank++;
            candidate = Candidate.local(CandidateType.HOST, endpoint, endpoint, rank);
        }
        return candidate;
    }
}
