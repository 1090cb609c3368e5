package dev.sluice.datapath.connectivity;

/** A local and a remote candidate, and what the checks between them have shown. */
final class CandidatePair {
    /** With this many checks in a row unanswered the pair works no more as far as nomination goes. */
    private static final int UNHEALTHY = 3;

    /** The checks whose answers are still recognized: more than are sent before a pair fails. */
    private static final int REMEMBERED_CHECKS = 16;

    private static final long NEVER = Long.MIN_VALUE;

    final LocalCandidate local;
    final Path path;

    private Candidate remote;
    private long priority;

    private final long[] transactions = new long[REMEMBERED_CHECKS];
    private final long[] sentAt = new long[REMEMBERED_CHECKS];
    private final boolean[] awaited = new boolean[REMEMBERED_CHECKS];
    private int nextTransaction;

    private boolean succeeded;
    private int unanswered;
    private long firstUnansweredAt;
    private long roundTrip;
    private long lastCheckAt;
    private long nextCheckAt;
    private long firstNominatedAt = NEVER;
    private long lastNominatedAt = NEVER;

    CandidatePair(LocalCandidate local, Candidate remote, Role role, long now) {
        this.local = local;
        this.path = new Path(local.base(), remote.endpoint());
        this.remote = remote;
        this.priority = priority(local.candidate(), remote, role);
        this.nextCheckAt = now;
        this.lastCheckAt = NEVER;
    }

    /** RFC 8445 §6.1.2.3. */
    static long priority(Candidate local, Candidate remote, Role role) {
        long controlling = (role == Role.CONTROLLING ? local : remote).priority();
        long controlled = (role == Role.CONTROLLING ? remote : local).priority();
        return (Math.min(controlling, controlled) << 32)
                + 2 * Math.max(controlling, controlled)
                + (controlling > controlled ? 1 : 0);
    }

    Candidate remote() {
        return remote;
    }

    /** The same address, now known better. */
    void remote(Candidate candidate, Role role) {
        remote = candidate;
        priority = priority(local.candidate(), candidate, role);
    }

    long priority() {
        return priority;
    }

    /** Whether a check was ever answered. */
    boolean succeeded() {
        return succeeded;
    }

    /** Whether checks are answered now, or may still be: an answer takes as long as the last one did, and some more. */
    boolean healthy(long now) {
        return succeeded && (unanswered < UNHEALTHY || now - firstUnansweredAt <= 2 * roundTrip);
    }

    /** Notes that the controlling side nominated the pair, or said so again. */
    void nominate(long now) {
        if (firstNominatedAt == NEVER) {
            firstNominatedAt = now;
        }
        lastNominatedAt = now;
    }

    boolean nominated() {
        return firstNominatedAt != NEVER;
    }

    long firstNominatedAt() {
        return firstNominatedAt;
    }

    long lastNominatedAt() {
        return lastNominatedAt;
    }

    void checked(long transaction, long now, CheckPace pace) {
        transactions[nextTransaction] = transaction;
        sentAt[nextTransaction] = now;
        awaited[nextTransaction] = true;
        nextTransaction = (nextTransaction + 1) % REMEMBERED_CHECKS;
        if (unanswered++ == 0) {
            firstUnansweredAt = now;
        }
        lastCheckAt = now;
        nextCheckAt = now + pace.pause(unanswered);
    }

    boolean awaits(long transaction) {
        return position(transaction) >= 0;
    }

    /** Notes the answer to a check that the pair {@link #awaits}. */
    void answered(long transaction, CheckPace pace, long now) {
        int position = position(transaction);
        awaited[position] = false;
        roundTrip = now - sentAt[position];
        succeeded = true;
        unanswered = 0;
        nextCheckAt = lastCheckAt + pace.interval();
    }

    /** Checks again at once, unless a check is on its way that is younger than {@code grace}. */
    void trigger(long now, long grace) {
        if (lastCheckAt == NEVER || now - lastCheckAt >= grace) {
            nextCheckAt = now;
        }
    }

    /** Begins to count unanswered checks anew, under another pace. */
    void restart(CheckPace pace, long now) {
        if (unanswered > 0) {
            unanswered = 0;
            nextCheckAt = now;
        } else {
            nextCheckAt = Math.min(nextCheckAt, lastCheckAt + pace.interval());
        }
    }

    boolean due(long now) {
        return nextCheckAt <= now;
    }

    boolean failed(long now, CheckPace pace) {
        return unanswered > 0 && now - firstUnansweredAt >= pace.timeout();
    }

    /** When the pair wants to be checked or given up. */
    long nextTimeout(CheckPace pace) {
        return unanswered == 0 ? nextCheckAt : Math.min(nextCheckAt, firstUnansweredAt + pace.timeout());
    }

    private int position(long transaction) {
        for (int i = 0; i < REMEMBERED_CHECKS; i++) {
            if (awaited[i] && transactions[i] == transaction) {
                return i;
            }
        }
        return -1;
    }
}
