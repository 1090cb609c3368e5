package dev.sluice.datapath.connectivity;

import dev.sluice.datapath.wire.DatagramSink;
import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.StunIntegrity;
import dev.sluice.datapath.wire.StunMessage;
import dev.sluice.datapath.wire.StunWriter;
import dev.sluice.datapath.wireguard.Timing;
import java.nio.charset.StandardCharsets;
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
    /** A request of the peer triggers a check unless one younger than this is on its way: nanoseconds. */
    private static final long TRIGGER_GRACE = 50_000_000;

    private static final int UNKNOWN_ATTRIBUTE = 420;

    /** Where an agent stands. */
    enum State {
        /** There has been no pair yet. */
        NEW,
        /** Some pairs are being checked and none is nominated, or one side has no address just now. */
        CHECKING,
        /** There is a nominated pair. */
        CONNECTED,
        /** All pairs have failed. */
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
    private final CheckList list;

    private CheckPace pace;
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
        this.list = new CheckList(role);
    }

    /** The USERNAME of a check that {@code receiver} gets from {@code sender}. */
    static String username(IceCredentials receiver, IceCredentials sender) {
        return receiver.username() + ":" + sender.username();
    }

    State state() {
        if (list.selected() != null) {
            return State.CONNECTED;
        }
        if (!list.everPaired()) {
            return State.NEW;
        }
        return list.pairs().isEmpty() && !list.lacksAddresses() ? State.DISCONNECTED : State.CHECKING;
    }

    /** The nominated pair's path; the same object as long as the pair stays nominated. */
    @Nullable Path path() {
        CandidatePair selected = list.selected();
        return selected == null ? null : selected.path;
    }

    /** Type of our own candidate and of the peer's in the nominated pair, for people to read. */
    @Nullable String pathTypes() {
        CandidatePair selected = list.selected();
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
        list.locals(candidates, now);
        settle(now);
    }

    /**
     * A candidate that the peer tells, new or again: pairs of it that have failed are tried again.
     *
     * @return whether it is new
     */
    boolean addRemote(Candidate candidate, long now) {
        boolean added = list.addRemote(candidate, now);
        settle(now);
        return added;
    }

    /** A candidate that the peer takes back. */
    void removeRemote(Candidate candidate, long now) {
        list.removeRemote(candidate);
        settle(now);
    }

    /** Tries failed pairs again and checks at the active pace. */
    void wake(long now) {
        pace(activePace, now);
        list.pairAll(now);
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
        LocalCandidate base = list.local(local);
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

        CandidatePair pair = list.pairOf(base, remote, request.priority(), now);
        if (pair != null) {
            if (request.useCandidate()) {
                pair.nominate(now);
            }
            if (!pair.healthy(now)) {
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
        CandidatePair pair = list.awaiting(answer.transactionLow());
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
            pair.answered(answer.transactionLow(), pace, now);
            settle(now);
        }
        return null;
    }

    private void pace(CheckPace next, long now) {
        if (!pace.equals(next)) {
            pace = next;
            for (CandidatePair pair : list.pairs()) {
                pair.restart(next, now);
            }
        }
    }

    /** Brings everything up to date: gives up what has failed, nominates, checks what is due. */
    private void settle(long now) {
        list.removeFailed(pace, now);
        if (list.select(now) && list.selected() != null && role == Role.CONTROLLING) {
            list.selected().trigger(now, 0);
        }
        nextTimeout = Long.MAX_VALUE;
        for (CandidatePair pair : list.pairs()) {
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
        if (role == Role.CONTROLLED) {
            writer.controlled(tieBreaker);
        } else {
            writer.controlling(tieBreaker);
            if (pair == list.selected()) {
                writer.useCandidate();
            }
        }
        writer.integrity(remoteKey).fingerprint();
        pair.checked(transaction, now, pace);
        output.send(pair.path.local(), pair.path.remote(), writer.buffer(), 0, writer.length());
    }

    private static StunIntegrity key(IceCredentials credentials) {
        return new StunIntegrity(credentials.password().getBytes(StandardCharsets.UTF_8));
    }
}
