package dev.sluice.datapath.connectivity;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which pair a connection's datagrams take. Nomination is continuous: it is thought over on every news, so that a
 * connection moves to a better pair later, and away from one that dies before its checks have timed out.
 *
 * <p>The controlling side takes the best of the pairs that work. The controlled side takes what was nominated last, for
 * the other side may have reasons to leave a better pair; but nominations that came together are ordered by priority,
 * since the network may have swapped them.
 */
final class PairRanking {
    /** Nominations closer to each other than this came together: nanoseconds. */
    private static final long TOGETHER = 500_000_000;

    private PairRanking() {}

    static @Nullable CandidatePair best(List<CandidatePair> pairs, Role role, @Nullable CandidatePair current) {
        CandidatePair best = null;
        if (current != null && eligible(current, role) && pairs.contains(current)) {
            best = current;
        }
        for (CandidatePair pair : pairs) {
            if (eligible(pair, role) && (best == null || better(pair, best, role))) {
                best = pair;
            }
        }
        return best;
    }

    private static boolean eligible(CandidatePair pair, Role role) {
        return pair.succeeded() && (role == Role.CONTROLLING || pair.nominated());
    }

    private static boolean better(CandidatePair pair, CandidatePair than, Role role) {
        if (pair.healthy() != than.healthy()) {
            return pair.healthy();
        }
        if (role == Role.CONTROLLED && Math.abs(pair.nominatedAt() - than.nominatedAt()) > TOGETHER) {
            return pair.nominatedAt() > than.nominatedAt();
        }
        return pair.priority() > than.priority();
    }
}
