package dev.sluice.datapath.connectivity;

import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.PacketSink;
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
    private final Peer wireguard;
    private final PacketSink wireguardOutput = this::transmit;
    private final HeldPackets held = new HeldPackets();
    private final long createdAt;

    private List<LocalCandidate> locals = List.of();
    private ConnectionState state = ConnectionState.CONNECTING;
    private @Nullable Failure failure;
    private @Nullable Path path;
    private @Nullable Initiation earlyInitiation;
    private @Nullable Object attachment;
    private boolean established;
    private long nominatedAt = NEVER;
    private long disconnectedAt = NEVER;
    private long pathlessSince = NEVER;
    private long lastActivity;

    private long packetsSent;
    private long bytesSent;
    private long packetsReceived;
    private long bytesReceived;

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
        this.createdAt = now;
        this.lastActivity = now;
        this.ice = owner.agent(index, localCredentials, remoteCredentials);
        this.wireguard = owner.wireguard(publicKey, presharedKey, index);
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
        return path;
    }

    /** Types of the local and the remote candidate of the path, such as {@code host/host}; null while there is none. */
    public @Nullable String pathTypes() {
        return ice.pathTypes();
    }

    /** When the last handshake was completed, in the nanoseconds of {@code now}, or {@link Peer#NEVER}. */
    public long lastHandshake() {
        return wireguard.lastHandshake();
    }

    public long packetsSent() {
        return packetsSent;
    }

    public long bytesSent() {
        return bytesSent;
    }

    public long packetsReceived() {
        return packetsReceived;
    }

    public long bytesReceived() {
        return bytesReceived;
    }

    /** What the role keeps with this connection; it goes over to the connection that replaces this one. */
    public @Nullable Object attachment() {
        return attachment;
    }

    public void attach(@Nullable Object attachment) {
        this.attachment = attachment;
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
        attachment = replaced.attachment;
        for (byte[] packet = replaced.held.poll(); packet != null; packet = replaced.held.poll()) {
            held.add(packet, 0, packet.length);
        }
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
        ice.locals(candidates, now);
        if (!added.isEmpty() || !removed.isEmpty()) {
            owner.output().signal(peer, texts(added), texts(removed));
        }
        update(now);
    }

    void signalAll() {
        if (!locals.isEmpty() && state != ConnectionState.FAILED) {
            owner.output().signal(peer, texts(locals), List.of());
        }
    }

    /** The other side may have lost what this one still has: look alive on every path, and agree on a session anew. */
    void refresh(long now) {
        active(now);
        ice.wake(now);
        signalAll();
        update(now);
        if (path != null) {
            handshake(now);
        }
        owner.schedule(this);
    }

    void addRemote(Candidate candidate, long now) {
        active(now);
        if (ice.addRemote(candidate, now)) {
            pathlessSince = NEVER;
        }
        update(now);
    }

    void removeRemote(Candidate candidate, long now) {
        ice.removeRemote(candidate, now);
        update(now);
    }

    SendResult send(byte[] packet, int offset, int length, long now) {
        active(now);
        if (path != null) {
            int sealed = wireguard.seal(packet, offset, length, owner.sealed(), 0, now);
            if (sealed >= 0) {
                sent(path, length, sealed);
                owner.schedule(this);
                return SendResult.SENT;
            }
        }
        if (owner.role() == Role.CONTROLLED && !established) {
            owner.ledger().drop(path == null ? DropReason.NO_PATH : DropReason.NO_SESSION);
            return SendResult.DROPPED;
        }
        hold(packet, offset, length);
        if (path != null) {
            wireguard.initiate(now, wireguardOutput);
        }
        owner.schedule(this);
        return SendResult.HELD;
    }

    /** Sends a packet of the connection's own, if there is a session. */
    void sendControl(byte[] packet, long now) {
        if (path == null) {
            return;
        }
        int sealed = wireguard.seal(packet, 0, packet.length, owner.sealed(), 0, now);
        if (sealed >= 0) {
            owner.ledger().originate();
            sent(path, packet.length, sealed);
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
     * Opens transport data into the owner's scratch space.
     *
     * @return the packet's length, 0 for a keepalive, or a negative failure of WireGuard's
     */
    int open(byte[] datagram, int offset, int length, long now) {
        int opened = wireguard.open(datagram, offset, length, owner.opened(), 0, now);
        if (opened < 0) {
            return opened;
        }
        if (opened > 0) {
            packetsReceived++;
            bytesReceived += opened;
            active(now);
        }
        if (state == ConnectionState.CONNECTING || !held.isEmpty()) {
            update(now);
            flush(now);
        }
        owner.schedule(this);
        return opened;
    }

    /** An initiation that comes before the nomination, as a swap on the way can do, waits for it. */
    void handleInitiation(Initiation initiation, long now) {
        if (path == null) {
            releaseInitiation(DropReason.DUPLICATE);
            earlyInitiation = initiation;
            owner.ledger().hold();
            return;
        }
        owner.settle(answer(initiation, now));
    }

    int handleResponse(byte[] datagram, int offset, int length, long now) {
        int result = wireguard.handleResponse(datagram, offset, length, now, wireguardOutput);
        if (result == Peer.ACCEPTED) {
            update(now);
            flush(now);
        }
        return result;
    }

    int handleCookieReply(byte[] datagram, int offset, int length, long now) {
        int result = wireguard.handleCookieReply(datagram, offset, length, now);
        owner.schedule(this);
        return result;
    }

    void handleTimeout(long now) {
        ice.handleTimeout(now);
        wireguard.handleTimeout(now, wireguardOutput);
        update(now);
    }

    long nextTimeout() {
        return Math.min(Math.min(ice.nextTimeout(), wireguard.nextTimeout()), nextChange());
    }

    /** Ends the connection; what waits in it is dropped for {@code reason}, or shown to the output first. */
    void end(@Nullable Failure why, DropReason reason) {
        state = ConnectionState.FAILED;
        failure = why;
        path = null;
        wireguard.close();
        releaseInitiation(reason);
        for (byte[] packet = held.poll(); packet != null; packet = held.poll()) {
            owner.ledger().release();
            owner.ledger().drop(reason);
            owner.output().undelivered(this, packet, 0, packet.length);
        }
    }

    private int answer(Initiation initiation, long now) {
        int result = wireguard.handleInitiation(initiation, now, wireguardOutput);
        owner.schedule(this);
        return result;
    }

    /** Compares what is with what was, and does what follows. */
    private void update(long now) {
        if (state == ConnectionState.FAILED) {
            return;
        }
        Path nominated = ice.path();
        if (nominated != path) {
            path = nominated;
            if (nominated != null) {
                nominated(now);
            }
        }
        boolean first = !established && path != null && wireguard.hasSession(now);
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
        if (state == ConnectionState.CONNECTED && path != null && now >= idleAt()) {
            state = ConnectionState.IDLE;
            ice.idle(now);
        }
        if (now >= handshakeAt()) {
            wireguard.initiate(now, wireguardOutput);
        }
        owner.schedule(this);
        if (first) {
            flush(now);
            owner.established(this);
        }
    }

    private void nominated(long now) {
        if (nominatedAt == NEVER) {
            nominatedAt = now;
        }
        Initiation early = earlyInitiation;
        if (early != null) {
            earlyInitiation = null;
            owner.ledger().release();
            owner.settle(answer(early, now));
        }
        if (owner.role() == Role.CONTROLLING) {
            handshake(now);
        }
        flush(now);
    }

    private @Nullable Failure failure(long now) {
        if (wireguard.expired() && (owner.role() == Role.CONTROLLING || established)) {
            return Failure.HANDSHAKE_TIMEOUT;
        }
        IceAgent.State ofIce = ice.state();
        disconnectedAt = since(disconnectedAt, ofIce == IceAgent.State.DISCONNECTED, now);
        pathlessSince = since(pathlessSince, path == null && ofIce != IceAgent.State.NEW, now);
        if (now >= pathlessUntil()) {
            return Failure.ICE_TIMEOUT;
        }
        return now >= candidatesUntil() ? Failure.NO_CANDIDATES : null;
    }

    /** The next time at which {@link #update} has something to do. */
    private long nextChange() {
        long change = Math.min(pathlessUntil(), candidatesUntil());
        if (state == ConnectionState.CONNECTED && path != null) {
            change = Math.min(change, idleAt());
        }
        return Math.min(change, handshakeAt());
    }

    /** When the lack of a path is a failure: soon after all pairs failed, or when the peer keeps them alive in vain. */
    private long pathlessUntil() {
        long grace = owner.timing().disconnectedTimeout();
        return Math.min(
                disconnectedAt == NEVER ? Long.MAX_VALUE : disconnectedAt + grace,
                pathlessSince == NEVER
                        ? Long.MAX_VALUE
                        : pathlessSince + owner.timing().iceTimeout() + grace);
    }

    private static long since(long since, boolean holds, long now) {
        if (!holds) {
            return NEVER;
        }
        return since == NEVER ? now : since;
    }

    private long candidatesUntil() {
        return ice.state() == IceAgent.State.NEW ? createdAt + owner.timing().candidateTimeout() : Long.MAX_VALUE;
    }

    private long idleAt() {
        return lastActivity + owner.timing().idleAfter();
    }

    private long handshakeAt() {
        if (owner.role() == Role.CONTROLLING || path == null || established || wireguard.handshakeInFlight()) {
            return Long.MAX_VALUE;
        }
        long last = wireguard.lastInitiation();
        long patient = nominatedAt + HANDSHAKE_PATIENCE;
        return last == Peer.NEVER
                ? patient
                : Math.max(patient, last + owner.timing().rekeyTimeout());
    }

    private void handshake(long now) {
        long last = wireguard.lastInitiation();
        if (owner.role() == Role.CONTROLLING
                && (last == Peer.NEVER || now - last >= owner.timing().rehandshakeTime())) {
            wireguard.initiate(now, wireguardOutput);
        }
    }

    private void active(long now) {
        lastActivity = now;
        if (state == ConnectionState.IDLE) {
            state = ConnectionState.CONNECTED;
            ice.wake(now);
        }
    }

    private void hold(byte[] packet, int offset, int length) {
        owner.ledger().hold();
        if (!held.add(packet, offset, length)) {
            owner.ledger().release();
            owner.ledger().drop(DropReason.QUEUE_FULL);
        }
    }

    private void flush(long now) {
        while (path != null && !held.isEmpty() && wireguard.hasSession(now)) {
            byte[] packet = held.poll();
            if (packet == null) {
                return;
            }
            owner.ledger().release();
            int sealed = wireguard.seal(packet, 0, packet.length, owner.sealed(), 0, now);
            if (sealed < 0) {
                owner.ledger().drop(DropReason.NO_SESSION);
            } else {
                sent(path, packet.length, sealed);
            }
        }
    }

    private void sent(Path on, int length, int sealed) {
        packetsSent++;
        bytesSent += length;
        owner.ledger().deliver();
        owner.output().transmit(on.local(), on.remote(), owner.sealed(), 0, sealed);
    }

    /** Sends what WireGuard made by itself. */
    private void transmit(byte[] datagram, int offset, int length) {
        owner.ledger().originate();
        Path on = path;
        if (on == null) {
            owner.ledger().drop(DropReason.NO_PATH);
            return;
        }
        owner.ledger().deliver();
        owner.output().transmit(on.local(), on.remote(), datagram, offset, length);
    }

    private void releaseInitiation(DropReason reason) {
        if (earlyInitiation != null) {
            earlyInitiation = null;
            owner.ledger().release();
            owner.ledger().drop(reason);
        }
    }

    /** Best first. */
    private static List<String> texts(List<LocalCandidate> candidates) {
        List<LocalCandidate> sorted = new ArrayList<>(candidates);
        sorted.sort(
                (a, b) -> Long.compare(b.candidate().priority(), a.candidate().priority()));
        List<String> texts = new ArrayList<>();
        sorted.forEach(local -> texts.add(local.candidate().format()));
        return texts;
    }
}
