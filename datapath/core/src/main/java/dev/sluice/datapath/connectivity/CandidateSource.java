package dev.sluice.datapath.connectivity;

import java.util.List;

/**
 * A place that local candidates come from: the host's sockets, and where there are relays their bindings and
 * allocations.
 */
interface CandidateSource {
    /** Those that hold now, each once. */
    List<LocalCandidate> candidates();
}
