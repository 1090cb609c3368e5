package dev.sluice.datapath.connectivity;

import dev.sluice.datapath.wire.Endpoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The candidates of both sides and the pairs of them (RFC 8445 §6.1.2), and which pair is selected. Pairs are of one
 * family; a pair that fails is taken out, and comes back when its candidates are told again or the peer checks it.
 */
final class CheckList {
    static final int MOST_PAIRS = 160;
    static final int MOST_REMOTE_CANDIDATES = 64;
    static final int MOST_PEER_REFLEXIVE = 8;

    private static final String PEER_REFLEXIVE_FOUNDATION = "prflx";

    private final Role role;
    private final List<LocalCandidate> locals = new ArrayList<>();
    private final List<Candidate> remotes = new ArrayList<>();
    private final List<CandidatePair> pairs = new ArrayList<>();
    private @Nullable CandidatePair selected;
    private boolean everPaired;
    private boolean withdrawn;

    CheckList(Role role) {
        this.role = role;
    }

    List<CandidatePair> pairs() {
        return Collections.unmodifiableList(pairs);
    }

    @Nullable CandidatePair selected() {
        return selected;
    }

    /** Whether there has been any pair yet. */
    boolean everPaired() {
        return everPaired;
    }

    /** Whether one side has no candidates left, which it may have again soon: it changes networks. */
    boolean lacksAddresses() {
        return locals.isEmpty() || withdrawn;
    }

    /** Replaces our own candidates. */
    void locals(List<LocalCandidate> candidates, long now) {
        pairs.removeIf(pair -> !candidates.contains(pair.local));
        locals.clear();
        locals.addAll(candidates);
        pairAll(now);
    }

    /** Our candidate whose socket has this address. */
    @Nullable LocalCandidate local(Endpoint base) {
        for (LocalCandidate local : locals) {
            if (local.checkable() && local.base().equals(base)) {
                return local;
            }
        }
        return null;
    }

    /**
     * A candidate that the peer tells. One address may be told as several types; it is one to check, and is as good as
     * the best of them.
     *
     * @return whether the address is new and there was room for it
     */
    boolean addRemote(Candidate candidate, long now) {
        withdrawn = false;
        boolean known = remote(candidate.endpoint()) != null;
        withdraw(candidate);
        boolean room = remotes.size() < MOST_REMOTE_CANDIDATES;
        if (room) {
            remotes.add(candidate);
            describe(candidate.endpoint());
        }
        pairAll(now);
        return room && !known;
    }

    /** The peer takes a candidate back: its address goes when it was told as no other type. */
    void removeRemote(Candidate candidate) {
        Endpoint endpoint = candidate.endpoint();
        withdrawn |= withdraw(candidate) && remotes.isEmpty();
        if (remote(endpoint) == null) {
            pairs.removeIf(pair -> pair.path.remote().equals(endpoint));
        } else {
            describe(endpoint);
        }
    }

    /** Makes all pairs that are not there. */
    void pairAll(long now) {
        for (Candidate remote : remotes) {
            for (LocalCandidate local : locals) {
                if (local.checkable() && sameFamily(local.base(), remote.endpoint())) {
                    pair(local, remote, now);
                }
            }
        }
    }

    /**
     * The pair that a request came on, made if need be: an unknown source is a peer-reflexive candidate.
     *
     * @param priority what the request asks for
     * @return null if there is no room for it
     */
    @Nullable CandidatePair pairOf(LocalCandidate local, Endpoint source, long priority, long now) {
        Candidate remote = remote(source);
        if (remote == null) {
            if (remotes.size() >= MOST_REMOTE_CANDIDATES || peerReflexive() >= MOST_PEER_REFLEXIVE) {
                return null;
            }
            remote = new Candidate(PEER_REFLEXIVE_FOUNDATION, priority, source, CandidateType.PEER_REFLEXIVE);
            remotes.add(remote);
            withdrawn = false;
        }
        return pair(local, remote, now);
    }

    /** The pair with a check of this transaction on its way. */
    @Nullable CandidatePair awaiting(long transaction) {
        for (CandidatePair pair : pairs) {
            if (pair.awaits(transaction)) {
                return pair;
            }
        }
        return null;
    }

    /** Gives up the pairs that have failed. */
    void removeFailed(CheckPace pace, long now) {
        pairs.removeIf(pair -> pair.failed(now, pace));
        remotes.removeIf(remote -> remote.type() == CandidateType.PEER_REFLEXIVE && isUnpaired(remote));
    }

    /** @return whether the selection changed */
    boolean select(long now) {
        CandidatePair best = PairRanking.best(pairs, role, selected, now);
        boolean changed = best != selected;
        selected = best;
        return changed;
    }

    private @Nullable CandidatePair pair(LocalCandidate local, Candidate remote, long now) {
        for (CandidatePair pair : pairs) {
            if (pair.local.equals(local) && pair.path.remote().equals(remote.endpoint())) {
                return pair;
            }
        }
        CandidatePair pair = new CandidatePair(local, remote, role, now);
        if (pairs.size() == MOST_PAIRS) {
            CandidatePair worst = worst();
            if (worst == null || worst.priority() >= pair.priority()) {
                return null;
            }
            pairs.remove(worst);
        }
        pairs.add(pair);
        everPaired = true;
        return pair;
    }

    private @Nullable CandidatePair worst() {
        CandidatePair worst = null;
        for (CandidatePair pair : pairs) {
            if (pair != selected && (worst == null || pair.priority() < worst.priority())) {
                worst = pair;
            }
        }
        return worst;
    }

    /** The best that this address was told as. */
    private @Nullable Candidate remote(Endpoint endpoint) {
        Candidate best = null;
        for (Candidate remote : remotes) {
            if (remote.endpoint().equals(endpoint) && (best == null || remote.priority() > best.priority())) {
                best = remote;
            }
        }
        return best;
    }

    /** Lets the pairs with this address know the best that it was told as. */
    private void describe(Endpoint endpoint) {
        Candidate best = remote(endpoint);
        for (CandidatePair pair : pairs) {
            if (best != null && pair.path.remote().equals(endpoint)) {
                pair.remote(best, role);
            }
        }
    }

    /** Takes out what this address was told as: the candidate's type, and what was only guessed. */
    private boolean withdraw(Candidate candidate) {
        return remotes.removeIf(known -> known.endpoint().equals(candidate.endpoint())
                && (known.type() == candidate.type() || known.type() == CandidateType.PEER_REFLEXIVE));
    }

    private int peerReflexive() {
        int count = 0;
        for (Candidate remote : remotes) {
            if (remote.type() == CandidateType.PEER_REFLEXIVE) {
                count++;
            }
        }
        return count;
    }

    private boolean isUnpaired(Candidate remote) {
        for (CandidatePair pair : pairs) {
            if (pair.path.remote().equals(remote.endpoint())) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameFamily(Endpoint one, Endpoint other) {
        return one.address().version() == other.address().version();
    }
}
