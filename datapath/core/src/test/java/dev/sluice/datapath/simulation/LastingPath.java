package dev.sluice.datapath.simulation;

import dev.sluice.datapath.connectivity.Candidate;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.StunMessage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How devices of another make send to their peer: where they sent first, whatever is nominated later, until the peer has
 * taken back that address. Knows one peer.
 */
final class LastingPath {
    private @Nullable Endpoint kept;

    /** Where a datagram goes that is meant for {@code remote}. */
    Endpoint follow(Endpoint remote, byte[] buffer, int offset, int length) {
        if (StunMessage.matches(buffer, offset, length)) {
            return remote;
        }
        if (kept == null) {
            kept = remote;
        }
        return kept;
    }

    /** The peer has taken back these candidates. */
    void takenBack(List<String> candidates) {
        for (String text : candidates) {
            Candidate candidate = Candidate.parse(text);
            if (candidate != null && candidate.endpoint().equals(kept)) {
                kept = null;
            }
        }
    }
}
