package dev.sluice.datapath.connectivity;

import dev.sluice.datapath.wire.DatagramSink;
import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.StunIntegrity;
import dev.sluice.datapath.wire.StunMessage;
import dev.sluice.datapath.wire.StunWriter;
import dev.sluice.datapath.wireguard.Timing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A full ICE agent (RFC 8445) for one component of one connection.
 *
 * <p>It differs from the RFC where its peers do: pairs are never frozen and all of them are checked at once (Ta = 0);
 * nomination is continuous ({@link PairRanking}); checks go on on every pair that lives, which is also what keeps NAT
 * bindings and notices a dead peer; roles are fixed, so that there is no role conflict to resolve. A success response
 * that reveals a mapped address makes no local peer-reflexive candidate: it would have the base, and so the path, of the
 * pair that was checked.
 *
 * <p>A transaction id begins with the connection's index, by which an answer finds its agent.
 */
final class IceAgent {
    static final int MOST_PAIRS = 100;
    static final int MOST_REMOTE_CANDIDATES = 64;
    static final int MOST_PEER_REFLEXIVE = 8;

    /** A request of the peer triggers a check unless one younger than this is on its way: nanoseconds. */
    private static final long TRIGGER_GRACE = 50_000_000;

    private static final int UNKNOWN_ATTRIBUTE = 420;

    /** Where an agent stands. */
    enum State {
        /** There has been no pair yet. */
        NEW,
        /** Some pairs are being checked, none is nominated. */
        CHECKING,
        /** There is a nominated pair. */
        CONNECTED,
        /** All pairs have failed, or their candidates are gone. */
        DISCONNECTED
    }

    private final Role role;
    private final int index;
    private final CheckPace activePace;
    private final CheckPace idlePace;
    private final RandomGenerator random;
    private final StunWriter writer;
    private final DatagramSink output;

    private final String requestUsername;
    private final StunIntegrity localKey;
    private final StunIntegrity remoteKey;
    private final long tieBreaker;

    private final List<LocalCandidate> locals = new ArrayList<>();
    private final List<Candidate> remotes = new ArrayList<>();
    private final List<CandidatePair> pairs = new ArrayList<>();

    private CheckPace pace;
    private @Nullable CandidatePair selected;
    private boolean paired;
    private long nextTimeout = Long.MAX_VALUE;

    /**
     * @param index 24 bits, the connection's own
     * @param writer scratch space, which other agents of the same thread may share
     */
    IceAgent(
            Role role,
            int index,
            IceCredentials local,
            IceCredentials remote,
            Timing timing,
            RandomGenerator random,
            StunWriter writer,
            DatagramSink output) {
        this.role = role;
        this.index = index;
        this.activePace = CheckPace.active(timing);
        this.idlePace = CheckPace.idle(timing);
        this.pace = activePace;
        this.random = random;
        this.writer = writer;
        this.output = output;
        this.requestUsername = username(remote, local);
        this.localKey = key(local);
        this.remoteKey = key(remote);
        this.tieBreaker = random.nextLong();
    }

    /** The USERNAME of a check that {@code receiver} gets from {@code sender}. */
    static String username(IceCredentials receiver, IceCredentials sender) {
        return receiver.username() + ":" + sender.username();
    }

    State state() {
        if (selected != null) {
            return State.CONNECTED;
        }
        if (!pairs.isEmpty()) {
            return State.CHECKING;
        }
        return paired ? State.DISCONNECTED : State.NEW;
    }

    /** The nominated pair's path; the same object as long as the pair stays nominated. */
    @Nullable Path path() {
        return selected == null ? null : selected.path;
    }

    /** Type of our own candidate and of the peer's in the nominated pair, for people to read. */
    @Nullable String pathTypes() {
        return selected == null
                ? null
                : selected.local.candidate().type().code() + "/"
                        + selected.remote().type().code();
    }

    long nextTimeout() {
        return nextTimeout;
    }

    /** Replaces our own candidates: pairs of those that are gone go too, and new ones are paired. */
    void locals(List<LocalCandidate> candidates, long now) {
        pairs.removeIf(pair -> !candidates.contains(pair.local));
        locals.clear();
        locals.addAll(candidates);
        pairAll(now);
        settle(now);
    }

    /**
     * A candidate that the peer tells, new or again: pairs of it that have failed are tried again.
     *
     * @return whether it is new
     */
    boolean addRemote(Candidate candidate, long now) {
        Candidate known = remote(candidate.endpoint());
        if (known == null) {
            if (remotes.size() >= MOST_REMOTE_CANDIDATES) {
                return false;
            }
            remotes.add(candidate);
        } else if (known.type() == CandidateType.PEER_REFLEXIVE) {
            remotes.set(remotes.indexOf(known), candidate);
            for (CandidatePair pair : pairs) {
                if (pair.remote().equals(known)) {
                    pair.remote(candidate, role);
                }
            }
        }
        pairAll(now);
        settle(now);
        return known == null;
    }

    /** A candidate that the peer takes back. */
    void removeRemote(Candidate candidate, long now) {
        remotes.removeIf(known -> known.endpoint().equals(candidate.endpoint()));
        pairs.removeIf(pair -> pair.path.remote().equals(candidate.endpoint()));
        settle(now);
    }

    /** Tries failed pairs again and checks at the active pace. */
    void wake(long now) {
        pace(activePace, now);
        pairAll(now);
        settle(now);
    }

    /** Checks rarely from now on. */
    void idle(long now) {
        pace(idlePace, now);
        settle(now);
    }

    /** @return null if the message was for this agent, else why it is not heeded */
    @Nullable DropReason handleMessage(Endpoint local, Endpoint remote, StunMessage message, long now) {
        return switch (message.type()) {
            case StunMessage.BINDING_REQUEST -> handleRequest(local, remote, message, now);
            case StunMessage.BINDING_SUCCESS, StunMessage.BINDING_ERROR -> handleAnswer(local, remote, message, now);
            default -> DropReason.UNKNOWN_TYPE;
        };
    }

    void handleTimeout(long now) {
        settle(now);
    }

    private @Nullable DropReason handleRequest(Endpoint local, Endpoint remote, StunMessage request, long now) {
        if (!localKey.verify(request)) {
            return DropReason.FORGED;
        }
        boolean fromController = request.controlling() && !request.controlled();
        if (request.priority() < 1
                || request.priority() > Integer.MAX_VALUE
                || fromController != (role == Role.CONTROLLED)
                || (request.useCandidate() && !fromController)) {
            return DropReason.MALFORMED;
        }
        LocalCandidate base = local(local);
        if (base == null) {
            return DropReason.WRONG_DESTINATION;
        }
        if (request.unknownAttributes().length > 0) {
            refuse(local, remote, request);
            return null;
        }
        writer.begin(StunMessage.BINDING_SUCCESS, request.transactionHigh(), request.transactionLow())
                .mappedAddress(remote)
                .integrity(localKey)
                .fingerprint();
        output.send(local, remote, writer.buffer(), 0, writer.length());

        CandidatePair pair = pairFor(base, remote, request.priority(), now);
        if (pair != null) {
            if (request.useCandidate()) {
                pair.nominated(now);
            }
            if (!pair.healthy()) {
                pair.trigger(now, TRIGGER_GRACE);
            }
        }
        settle(now);
        return null;
    }

    private void refuse(Endpoint local, Endpoint remote, StunMessage request) {
        writer.begin(StunMessage.BINDING_ERROR, request.transactionHigh(), request.transactionLow())
                .errorCode(UNKNOWN_ATTRIBUTE, "Unknown Attribute")
                .unknownAttributes(request.unknownAttributes())
                .integrity(localKey)
                .fingerprint();
        output.send(local, remote, writer.buffer(), 0, writer.length());
    }

    private @Nullable DropReason handleAnswer(Endpoint local, Endpoint remote, StunMessage answer, long now) {
        CandidatePair pair = pairAwaiting(answer.transactionLow());
        if (pair == null) {
            return DropReason.UNKNOWN_STUN;
        }
        if (!remoteKey.verify(answer)) {
            return DropReason.FORGED;
        }
        if (!pair.path.remote().equals(remote) || !pair.path.local().equals(local)) {
            return DropReason.WRONG_SOURCE;
        }
        if (answer.type() == StunMessage.BINDING_SUCCESS) {
            if (answer.mappedAddress() == null || answer.unknownAttributes().length > 0) {
                return DropReason.MALFORMED;
            }
            pair.answered(answer.transactionLow(), pace);
            settle(now);
        }
        return null;
    }

    /** The pair that a request came on, made if need be: an unknown source is a peer-reflexive candidate. */
    private @Nullable CandidatePair pairFor(LocalCandidate base, Endpoint source, long priority, long now) {
        Candidate remote = remote(source);
        if (remote == null) {
            if (remotes.size() >= MOST_REMOTE_CANDIDATES || peerReflexive() >= MOST_PEER_REFLEXIVE) {
                return null;
            }
            remote = new Candidate("prflx", priority, source, CandidateType.PEER_REFLEXIVE);
            remotes.add(remote);
        }
        pair(base, remote, now);
        return pair(base, source);
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

    private void pairAll(long now) {
        for (Candidate remote : remotes) {
            for (LocalCandidate local : locals) {
                if (local.checkable()
                        && local.base().address().version()
                                == remote.endpoint().address().version()) {
                    pair(local, remote, now);
                }
            }
        }
    }

    private void pair(LocalCandidate local, Candidate remote, long now) {
        if (pair(local, remote.endpoint()) != null) {
            return;
        }
        CandidatePair pair = new CandidatePair(local, remote, role, now);
        if (pairs.size() == MOST_PAIRS) {
            CandidatePair worst = worst();
            if (worst == null || worst.priority() >= pair.priority()) {
                return;
            }
            pairs.remove(worst);
        }
        pairs.add(pair);
        paired = true;
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

    private void pace(CheckPace next, long now) {
        if (!pace.equals(next)) {
            pace = next;
            for (CandidatePair pair : pairs) {
                pair.restart(next, now);
            }
        }
    }

    /** Brings everything up to date: gives up what has failed, nominates, checks what is due. */
    private void settle(long now) {
        pairs.removeIf(pair -> pair.failed(now, pace));
        remotes.removeIf(remote -> remote.type() == CandidateType.PEER_REFLEXIVE && unpaired(remote));
        CandidatePair best = PairRanking.best(pairs, role, selected);
        if (best != selected) {
            selected = best;
            if (best != null && role == Role.CONTROLLING) {
                best.trigger(now, 0);
            }
        }
        nextTimeout = Long.MAX_VALUE;
        for (CandidatePair pair : pairs) {
            if (pair.due(now)) {
                check(pair, now);
            }
            nextTimeout = Math.min(nextTimeout, pair.nextTimeout(pace));
        }
    }

    private void check(CandidatePair pair, long now) {
        long transaction = random.nextLong();
        writer.begin(StunMessage.BINDING_REQUEST, index << 8 | random.nextInt(256), transaction)
                .username(requestUsername)
                .priority(pair.local.candidate().peerReflexivePriority());
        if (role == Role.CONTROLLING) {
            writer.controlling(tieBreaker);
            if (pair == selected) {
                writer.useCandidate();
            }
        } else {
            writer.controlled(tieBreaker);
        }
        writer.integrity(remoteKey).fingerprint();
        pair.checked(transaction, now, pace);
        output.send(pair.path.local(), pair.path.remote(), writer.buffer(), 0, writer.length());
    }

    private boolean unpaired(Candidate remote) {
        for (CandidatePair pair : pairs) {
            if (pair.path.remote().equals(remote.endpoint())) {
                return false;
            }
        }
        return true;
    }

    private @Nullable LocalCandidate local(Endpoint base) {
        for (LocalCandidate local : locals) {
            if (local.checkable() && local.base().equals(base)) {
                return local;
            }
        }
        return null;
    }

    private @Nullable Candidate remote(Endpoint endpoint) {
        for (Candidate remote : remotes) {
            if (remote.endpoint().equals(endpoint)) {
                return remote;
            }
        }
        return null;
    }

    private @Nullable CandidatePair pair(LocalCandidate local, Endpoint remote) {
        for (CandidatePair pair : pairs) {
            if (pair.local.equals(local) && pair.path.remote().equals(remote)) {
                return pair;
            }
        }
        return null;
    }

    private @Nullable CandidatePair pairAwaiting(long transaction) {
        for (CandidatePair pair : pairs) {
            if (pair.awaits(transaction)) {
                return pair;
            }
        }
        return null;
    }

    private static StunIntegrity key(IceCredentials credentials) {
        return new StunIntegrity(credentials.password().getBytes(StandardCharsets.UTF_8));
    }
}
