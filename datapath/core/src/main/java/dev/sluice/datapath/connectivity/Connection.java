package dev.sluice.datapath.connectivity;

import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.StunMessage;
import dev.sluice.datapath.wireguard.Initiation;
import dev.sluice.datapath.wireguard.Peer;
import dev.sluice.datapath.wireguard.PresharedKey;
import dev.sluice.datapath.wireguard.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * ICE and WireGuard between this device and one other. Made by {@link Connections#upsert}; to whoever holds it, a handle
 * to send by and to look at.
 *
 * <p>Datagrams always take the nominated path, whichever path they come on. The controlling side opens the WireGuard
 * session as soon as there is a path.
 */
public final class Connection {
    private static final long NEVER = Long.MIN_VALUE;

    /** A peer that has been away for longer than these say asks anew. */
    private static final int MOST_WITHDRAWN = 32;

    /**
     * A controlled side that has a path and hears no handshake for this long begins one: the other may believe in a
     * session that this side has lost. It goes on while the path lives; giving up is the controlling side's.
     */
    private static final long HANDSHAKE_PATIENCE = 2_000_000_000;

    /** Where this stands in the {@link DeadlineQueue}, which alone writes these two. */
    int place = -1;

    long deadline;

    private final Connections owner;
    private final UUID peer;
    private final PublicKey publicKey;
    private final PresharedKey presharedKey;
    private final IceCredentials localCredentials;
    private final IceCredentials remoteCredentials;
    private final int index;
    private final IceAgent ice;
    private final Tunnel tunnel;
    private final PathWatch watch;

    private List<LocalCandidate> locals = List.of();
    private final List<LocalCandidate> withdrawn = new ArrayList<>();
    private ConnectionState state = ConnectionState.CONNECTING;
    private @Nullable Failure failure;
    private boolean established;
    private long nominatedAt = NEVER;
    private long handshakeAskedAt = NEVER;
    private long lastActivity;

    Connection(
            Connections owner,
            int index,
            UUID peer,
            PublicKey publicKey,
            PresharedKey presharedKey,
            IceCredentials localCredentials,
            IceCredentials remoteCredentials,
            long now) {
        this.owner = owner;
        this.index = index;
        this.peer = peer;
        this.publicKey = publicKey;
        this.presharedKey = presharedKey;
        this.localCredentials = localCredentials;
        this.remoteCredentials = remoteCredentials;
        this.lastActivity = now;
        this.ice = owner.agent(index, localCredentials, remoteCredentials);
        this.tunnel = new Tunnel(owner, publicKey, presharedKey, index);
        this.watch = new PathWatch(owner.timing(), now);
    }

    /** The other device's id. */
    public UUID peer() {
        return peer;
    }

    public PublicKey publicKey() {
        return publicKey;
    }

    public ConnectionState state() {
        return state;
    }

    /** Why the connection {@linkplain ConnectionState#FAILED failed}, or null: also if it was closed or replaced here. */
    public @Nullable Failure failure() {
        return failure;
    }

    /** The nominated path, or null while there is none. */
    public @Nullable Path path() {
        return tunnel.path();
    }

    /** Types of the local and the remote candidate of the path, such as {@code host/host}; null while there is none. */
    public @Nullable String pathTypes() {
        return ice.pathTypes();
    }

    /** When the last handshake was completed, in the nanoseconds of {@code now}, or {@link Peer#NEVER}. */
    public long lastHandshake() {
        return tunnel.wireguard().lastHandshake();
    }

    public long packetsSent() {
        return tunnel.packetsSent();
    }

    public long bytesSent() {
        return tunnel.bytesSent();
    }

    public long packetsReceived() {
        return tunnel.packetsReceived();
    }

    public long bytesReceived() {
        return tunnel.bytesReceived();
    }

    @Override
    public String toString() {
        return "Connection[" + peer + ", " + state.code() + "]";
    }

    int index() {
        return index;
    }

    /** The USERNAME by which the peer's checks find this connection. */
    String username() {
        return IceAgent.username(localCredentials, remoteCredentials);
    }

    boolean is(PublicKey key, PresharedKey secret, IceCredentials local, IceCredentials remote) {
        return publicKey.equals(key)
                && presharedKey.equals(secret)
                && localCredentials.equals(local)
                && remoteCredentials.equals(remote);
    }

    /** Takes over from the connection that this one replaces. */
    void inherit(Connection replaced) {
        tunnel.inherit(replaced.tunnel);
    }

    /** Replaces the local candidates and tells the peer what changed. */
    void locals(List<LocalCandidate> candidates, long now) {
        if (state == ConnectionState.FAILED) {
            return;
        }
        List<LocalCandidate> added = new ArrayList<>(candidates);
        added.removeAll(locals);
        List<LocalCandidate> removed = new ArrayList<>(locals);
        removed.removeAll(candidates);
        locals = candidates;
        if (!added.isEmpty() || !removed.isEmpty()) {
            watch.restart();
            ice.locals(candidates, now);
            withdrawn.removeAll(candidates);
            withdrawn.addAll(removed);
            while (withdrawn.size() > MOST_WITHDRAWN) {
                withdrawn.removeFirst();
            }
            owner.output().signal(peer, LocalCandidate.texts(added), LocalCandidate.texts(removed));
        }
        update(now);
    }

    void signalAll() {
        if (!locals.isEmpty() && state != ConnectionState.FAILED) {
            owner.output().signal(peer, LocalCandidate.texts(locals), List.of());
        }
    }

    /** Also what is no more: a peer that has not heard of that goes on sending there. */
    void signalAgain() {
        if (state != ConnectionState.FAILED && !(locals.isEmpty() && withdrawn.isEmpty())) {
            owner.output().signal(peer, LocalCandidate.texts(locals), LocalCandidate.texts(withdrawn));
        }
    }

    /** The other side may have lost what this one still has: look alive on every path, and agree on a session anew. */
    void refresh(long now) {
        active(now);
        ice.wake(now);
        signalAll();
        update(now);
        handshake(now);
        owner.schedule(this);
    }

    void addRemote(Candidate candidate, long now) {
        active(now);
        if (ice.addRemote(candidate, now)) {
            watch.restart();
        }
        update(now);
    }

    void removeRemote(Candidate candidate, long now) {
        ice.removeRemote(candidate, now);
        update(now);
    }

    void send(byte[] packet, int offset, int length, long now) {
        active(now);
        if (!tunnel.send(packet, offset, length, now)) {
            if (owner.role() == Role.CONTROLLED) {
                // Whether it may go was decided for this instant: by the time of a session it may be over.
                owner.ledger().drop(tunnel.path() == null ? DropReason.NO_PATH : DropReason.NO_SESSION);
            } else {
                tunnel.hold(packet, offset, length);
            }
            if (tunnel.path() != null && (established || owner.role() == Role.CONTROLLING)) {
                tunnel.initiate(now);
            }
        }
        owner.schedule(this);
    }

    /** Sends a packet of the connection's own, if there is a session. */
    void sendControl(byte[] packet, long now) {
        if (tunnel.send(packet, 0, packet.length, now)) {
            owner.ledger().originate();
        }
    }

    /** @return null if the message was for this connection, else why it is not heeded */
    @Nullable DropReason handleStun(Endpoint local, Endpoint remote, StunMessage message, long now) {
        DropReason refused = ice.handleMessage(local, remote, message, now);
        if (refused == null) {
            update(now);
        }
        return refused;
    }

    /**
     * Opens transport data where it is.
     *
     * @return the packet's length, 0 for a keepalive, or a negative failure of WireGuard's
     */
    int open(byte[] datagram, int offset, int length, long now) {
        int opened = tunnel.open(datagram, offset, length, now);
        if (opened > 0) {
            active(now);
        }
        if (opened >= 0 && (!established || tunnel.holds())) {
            update(now);
            tunnel.flush(now);
        }
        owner.schedule(this);
        return opened;
    }

    void handleInitiation(Initiation initiation, long now) {
        tunnel.handleInitiation(initiation, now);
        owner.schedule(this);
    }

    int handleResponse(byte[] datagram, int offset, int length, long now) {
        int result = tunnel.handleResponse(datagram, offset, length, now);
        if (result == Peer.ACCEPTED) {
            update(now);
            tunnel.flush(now);
        }
        return result;
    }

    int handleCookieReply(byte[] datagram, int offset, int length, long now) {
        int result = tunnel.wireguard().handleCookieReply(datagram, offset, length, now);
        owner.schedule(this);
        return result;
    }

    void handleTimeout(long now) {
        ice.handleTimeout(now);
        tunnel.handleTimeout(now);
        update(now);
    }

    long nextTimeout() {
        long next = Math.min(ice.nextTimeout(), tunnel.wireguard().nextTimeout());
        next = Math.min(next, Math.min(watch.failsAt(), handshakeAt()));
        return state == ConnectionState.CONNECTED && tunnel.path() != null ? Math.min(next, idleAt()) : next;
    }

    /** Ends the connection; what waits in it is dropped for {@code reason} and shown to the output. */
    void end(@Nullable Failure why, DropReason reason) {
        state = ConnectionState.FAILED;
        failure = why;
        tunnel.close(reason);
        for (byte[] packet = tunnel.release(); packet != null; packet = tunnel.release()) {
            owner.ledger().drop(reason);
            owner.output().undelivered(this, packet, 0, packet.length);
        }
    }

    /** Compares what is with what was, and does what follows. */
    private void update(long now) {
        if (state == ConnectionState.FAILED) {
            return;
        }
        Path nominated = ice.path();
        if (nominated != tunnel.path()) {
            tunnel.path(nominated, now);
            if (nominated != null) {
                nominatedAt = nominatedAt == NEVER ? now : nominatedAt;
                handshake(now);
                tunnel.flush(now);
            }
        }
        boolean first = !established && nominated != null && tunnel.wireguard().hasSession(now);
        if (first) {
            established = true;
            state = ConnectionState.CONNECTED;
            lastActivity = now;
        }
        Failure why = failure(now);
        if (why != null) {
            owner.fail(this, why);
            return;
        }
        if (state == ConnectionState.CONNECTED && nominated != null && now >= idleAt()) {
            state = ConnectionState.IDLE;
            ice.idle(now);
        }
        if (now >= handshakeAt()) {
            tunnel.initiate(now);
        }
        owner.schedule(this);
        if (first) {
            tunnel.flush(now);
            owner.established(this);
        }
    }

    private @Nullable Failure failure(long now) {
        Failure ofPath = watch.observe(ice.state(), now);
        boolean givesUp = owner.role() == Role.CONTROLLING || established;
        return tunnel.wireguard().expired() && givesUp ? Failure.HANDSHAKE_TIMEOUT : ofPath;
    }

    private long idleAt() {
        return lastActivity + owner.timing().idleAfter();
    }

    private long handshakeAt() {
        Peer wireguard = tunnel.wireguard();
        if (owner.role() == Role.CONTROLLING || tunnel.path() == null || established || wireguard.handshakeInFlight()) {
            return Long.MAX_VALUE;
        }
        long last = wireguard.lastInitiation();
        long patient = nominatedAt + HANDSHAKE_PATIENCE;
        return last == Peer.NEVER
                ? patient
                : Math.max(patient, last + owner.timing().rekeyTimeout());
    }

    /**
     * The controlling side's, on every nomination and every repeat of the authorization, but not too often. The session's
     * own renewals do not count: the peer may have lost what they were about.
     */
    private void handshake(long now) {
        if (owner.role() == Role.CONTROLLING
                && tunnel.path() != null
                && (handshakeAskedAt == NEVER
                        || now - handshakeAskedAt >= owner.timing().rehandshakeTime())) {
            handshakeAskedAt = now;
            tunnel.initiate(now);
        }
    }

    private void active(long now) {
        lastActivity = now;
        if (state == ConnectionState.IDLE) {
            state = ConnectionState.CONNECTED;
            ice.wake(now);
        }
    }
}
