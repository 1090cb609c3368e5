package dev.sluice.datapath.connectivity;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which pair a connection's datagrams take. Nomination is continuous: it is thought over on every news, so that a
 * connection moves to a better pair later, and away from one that dies before its checks have timed out.
 *
 * <p>The controlling side takes the best of the pairs that work. The controlled side follows it at once to a pair that is
 * nominated for the first time, for the other side may have left a better one; but peers go on nominating every pair that
 * they ever took, and so of those that were nominated again since then the best one counts.
 */
final class PairRanking {
    private PairRanking() {}

    /** @param current stays where another is no better; null where there is none */
    static @Nullable CandidatePair best(
            List<CandidatePair> pairs, Role role, @Nullable CandidatePair current, long now) {
        boolean healthy = false;
        for (CandidatePair pair : pairs) {
            healthy |= eligible(pair, role) && pair.healthy(now);
        }
        long news = role == Role.CONTROLLING ? Long.MIN_VALUE : lastNews(pairs, healthy, now);
        CandidatePair best = null;
        for (CandidatePair pair : pairs) {
            boolean considered = eligible(pair, role) && pair.healthy(now) == healthy && pair.lastNominatedAt() >= news;
            if (considered && (best == null || better(pair, best, current))) {
                best = pair;
            }
        }
        return best;
    }

    private static boolean eligible(CandidatePair pair, Role role) {
        return pair.succeeded() && (role == Role.CONTROLLING || pair.nominated());
    }

    /** When a pair was last nominated for the first time. */
    private static long lastNews(List<CandidatePair> pairs, boolean healthy, long now) {
        long news = Long.MIN_VALUE;
        for (CandidatePair pair : pairs) {
            if (eligible(pair, Role.CONTROLLED) && pair.healthy(now) == healthy) {
                news = Math.max(news, pair.firstNominatedAt());
            }
        }
        return news;
    }

    private static boolean better(CandidatePair pair, CandidatePair than, @Nullable CandidatePair current) {
        return pair.priority() > than.priority() || pair.priority() == than.priority() && pair == current;
    }
}
