package dev.sluice.datapath.connectivity;

import dev.sluice.datapath.wire.Endpoint;

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
}
