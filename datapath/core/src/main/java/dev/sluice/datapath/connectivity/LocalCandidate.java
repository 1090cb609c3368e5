package dev.sluice.datapath.connectivity;

import dev.sluice.datapath.wire.Endpoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * One of our own candidates.
 *
 * @param candidate what the peer is told
 * @param base the socket's address that checks from it are sent from; differs from the candidate's for a
 *     server-reflexive one, which is told and never checked from
 */
record LocalCandidate(Candidate candidate, Endpoint base) {
    /** Whether the agent forms pairs with it. */
    boolean checkable() {
        return candidate.endpoint().equals(base);
    }

    /** Their texts for the peer, best first. */
    static List<String> texts(List<LocalCandidate> candidates) {
        List<LocalCandidate> sorted = new ArrayList<>(candidates);
        sorted.sort(Comparator.comparingLong((LocalCandidate local) -> local.candidate.priority())
                .reversed());
        List<String> texts = new ArrayList<>();
        sorted.forEach(local -> texts.add(local.candidate.format()));
        return texts;
    }
}
