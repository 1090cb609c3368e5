package dev.sluice.datapath.wireguard;

import dev.sluice.datapath.crypto.AeadProvider;
import dev.sluice.datapath.crypto.AeadProviders;
import dev.sluice.datapath.crypto.X25519;
import dev.sluice.datapath.wire.CookieReply;
import dev.sluice.datapath.wire.HandshakeInitiation;
import dev.sluice.datapath.wire.HandshakeResponse;
import dev.sluice.datapath.wire.PacketSink;
import dev.sluice.datapath.wire.TransportData;
import dev.sluice.datapath.wire.WireGuardMessage;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One WireGuard peer: handshakes in both roles, sessions and timers (paper, §§5.4, 6).
 *
 * <p>A pure state machine for one thread. Every input may move {@link #nextTimeout}: the caller reads it again after
 * each, and calls {@link #handleTimeout} when that time has come, at once if it is past (this is how sealing and opening
 * ask for a handshake). Where a packet goes, and who may send it, is the caller's: after a message was handled or opened
 * with success, its source address is the peer's.
 *
 * <p>{@code now} is monotonic time in nanoseconds. Negative results are {@link Failure}s; they change no state.
 */
public final class Peer {
    /** What handling a handshake message returns when it was good. */
    public static final int ACCEPTED = 0;

    /** There is no session, or only one that is too old: hold the packet and {@link #initiate}. */
    public static final int NO_SESSION = Failure.NO_SESSION;

    /** What {@link #nextTimeout} returns when nothing is due at any time. */
    public static final long NO_TIMEOUT = PeerTimers.NONE;

    /** What {@link #lastHandshake} returns before the first one. */
    public static final long NEVER = Long.MIN_VALUE;

    /** Initiations are answered at most this often: 50 a second. */
    private static final long INITIATION_INTERVAL = 20_000_000;

    private static final byte[] NOTHING = {};

    private final KeyPair own;
    private final PublicKey remote;
    private final PresharedKey presharedKey;
    private final Timing timing;
    private final RandomGenerator random;
    private final InstantSource clock;
    private final AeadProvider aeads;
    private final LocalIndices indices;
    private final CookieJar cookies;
    private final Sessions sessions = new Sessions();
    private final PeerTimers timers = new PeerTimers();
    private final byte[] message = new byte[HandshakeInitiation.LENGTH];
    private final byte @Nullable [] staticShared;

    private @Nullable PendingHandshake pending;
    private byte[] sentTimestamp = new byte[Tai64n.LENGTH];
    private byte[] receivedTimestamp = new byte[Tai64n.LENGTH];
    private long mayInitiateAt = Long.MIN_VALUE;
    private long mayRespondAt = Long.MIN_VALUE;
    private long persistentKeepalive;
    private boolean rekeyedOnReceive;
    private boolean expired;
    private long lastHandshake = NEVER;

    /**
     * A peer that uses {@link AeadProviders#preferred}.
     *
     * @param connectionIndex the upper 24 bits of all indices that this peer gives out, as of {@link IndexTable}
     * @param random cryptographically strong
     * @param clock wall clock, for the timestamps of initiations
     */
    public Peer(
            KeyPair own,
            PublicKey remote,
            PresharedKey presharedKey,
            int connectionIndex,
            Timing timing,
            RandomGenerator random,
            InstantSource clock) {
        this(own, remote, presharedKey, connectionIndex, timing, random, clock, AeadProviders.preferred());
    }

    /** A peer that uses the given AEAD. */
    public Peer(
            KeyPair own,
            PublicKey remote,
            PresharedKey presharedKey,
            int connectionIndex,
            Timing timing,
            RandomGenerator random,
            InstantSource clock,
            AeadProvider aeads) {
        this.own = own;
        this.remote = remote;
        this.presharedKey = presharedKey;
        this.timing = timing;
        this.random = random;
        this.clock = clock;
        this.aeads = aeads;
        this.indices = new LocalIndices(connectionIndex);
        this.cookies = new CookieJar(remote, timing);
        this.staticShared = X25519.agree(own.privateKey().bytes(), remote.bytes());
    }

    public PublicKey remote() {
        return remote;
    }

    /**
     * Seals a packet; an empty one is a keepalive.
     *
     * @param out takes {@code length} + {@link TransportData#OVERHEAD} bytes; may be the array of the packet only if
     *     {@code offset} is {@code outOffset} + {@link TransportData#ENCRYPTED_PACKET_FIELD_OFFSET}
     * @return the length of the datagram, or {@link #NO_SESSION}
     */
    public int seal(byte[] packet, int offset, int length, byte[] out, int outOffset, long now) {
        Session session = sessions.current();
        if (session == null || session.olderThan(timing.rejectAfterTime(), now)) {
            return NO_SESSION;
        }
        int sealed = session.seal(packet, offset, length, out, outOffset);
        if (sealed < 0) {
            return NO_SESSION;
        }
        sent(now);
        if (length > 0 && timers.unanswered == PeerTimers.NONE) {
            timers.unanswered = now + timing.unansweredTime() + jitter();
        }
        if (session.wornOut() || session.initiator() && session.olderThan(timing.rekeyAfterTime(), now)) {
            requestHandshake(now);
        }
        return sealed;
    }

    /**
     * Opens transport data.
     *
     * @param out takes {@code length} - {@link TransportData#OVERHEAD} bytes; may be the array of the datagram only if
     *     {@code outOffset} is {@code offset} + {@link TransportData#ENCRYPTED_PACKET_FIELD_OFFSET}
     * @return the length of the packet with its padding, 0 for a keepalive, or a {@link Failure}
     */
    public int open(byte[] datagram, int offset, int length, byte[] out, int outOffset, long now) {
        if (WireGuardMessage.type(datagram, offset, length) != TransportData.TYPE) {
            return Failure.UNKNOWN_TYPE;
        }
        if (length < TransportData.OVERHEAD) {
            return Failure.MALFORMED;
        }
        Session session = sessions.find(TransportData.receiverIndex(datagram, offset));
        if (session == null) {
            return Failure.UNKNOWN_INDEX;
        }
        if (session.olderThan(timing.rejectAfterTime(), now)) {
            return Failure.SESSION_EXPIRED;
        }
        int opened = session.open(datagram, offset, length, out, outOffset);
        if (opened < 0) {
            return opened;
        }
        if (sessions.confirm(session)) {
            handshakeDone(now);
        }
        received(now);
        if (opened > 0) {
            timers.keepalive = Math.min(timers.keepalive, now + timing.keepaliveTimeout());
        }
        if (session == sessions.current()
                && session.initiator()
                && !rekeyedOnReceive
                && session.olderThan(timing.rekeyOnReceiveTime(), now)) {
            rekeyedOnReceive = true;
            requestHandshake(now);
        }
        return opened;
    }

    /** Starts a handshake, unless one is in flight; if the last began less than a rekey timeout ago, when that is over. */
    public void initiate(long now, PacketSink out) {
        if (pending != null) {
            return;
        }
        expired = false;
        if (now < mayInitiateAt) {
            timers.initiate = mayInitiateAt;
            return;
        }
        timers.initiate = PeerTimers.NONE;
        timers.giveUp = now + timing.rekeyAttemptTime();
        sendInitiation(now, out);
    }

    /**
     * Answers an initiation that {@link HandshakeGate#open} read.
     *
     * @return {@link #ACCEPTED}, {@link Failure#UNKNOWN_PEER}, {@link Failure#FORGED}, {@link Failure#REPLAYED} or
     *     {@link Failure#RATE_LIMITED}
     */
    public int handleInitiation(Initiation initiation, long now, PacketSink out) {
        if (!initiation.initiator().equals(remote)) {
            return Failure.UNKNOWN_PEER;
        }
        byte[] timestamp = staticShared == null ? null : initiation.timestamp(staticShared);
        if (timestamp == null) {
            return Failure.FORGED;
        }
        if (Arrays.compareUnsigned(timestamp, receivedTimestamp) <= 0) {
            return Failure.REPLAYED;
        }
        if (now < mayRespondAt) {
            return Failure.RATE_LIMITED;
        }
        Session session =
                initiation.respond(aeads, presharedKey, indices.next(sessions, pending), random, message, now);
        if (session == null) {
            return Failure.FORGED;
        }
        receivedTimestamp = timestamp;
        mayRespondAt = now + INITIATION_INTERVAL;
        sessions.responded(session);
        timers.erase = now + timing.eraseTime();
        received(now);
        cookies.sign(message, now);
        out.accept(message, 0, HandshakeResponse.LENGTH);
        sent(now);
        return ACCEPTED;
    }

    /**
     * Completes our handshake with a response, and sends a keepalive so that the responder can use the session too.
     *
     * @return {@link #ACCEPTED}, {@link Failure#MALFORMED}, {@link Failure#UNKNOWN_INDEX} or {@link Failure#FORGED}
     */
    public int handleResponse(byte[] datagram, int offset, int length, long now, PacketSink out) {
        if (length != HandshakeResponse.LENGTH) {
            return Failure.MALFORMED;
        }
        if (pending == null || HandshakeResponse.receiverIndex(datagram, offset) != pending.localIndex()) {
            return Failure.UNKNOWN_INDEX;
        }
        Session session = pending.complete(aeads, own, presharedKey, datagram, offset, now);
        if (session == null) {
            return Failure.FORGED;
        }
        sessions.initiated(session);
        timers.erase = now + timing.eraseTime();
        handshakeDone(now);
        received(now);
        sendKeepalive(now, out);
        return ACCEPTED;
    }

    /**
     * Keeps a cookie: the next repetition of the handshake carries it.
     *
     * @return {@link #ACCEPTED}, {@link Failure#MALFORMED} or {@link Failure#FORGED}
     */
    public int handleCookieReply(byte[] datagram, int offset, int length, long now) {
        if (length != CookieReply.LENGTH) {
            return Failure.MALFORMED;
        }
        return cookies.accept(datagram, offset, now) ? ACCEPTED : Failure.FORGED;
    }

    /** Does what is due. */
    public void handleTimeout(long now, PacketSink out) {
        if (now >= timers.erase) {
            eraseKeys();
        }
        if (now >= timers.giveUp) {
            giveUp(now);
        } else if (now >= timers.retransmit) {
            sendInitiation(now, out);
        }
        if (now >= timers.unanswered) {
            timers.unanswered = PeerTimers.NONE;
            requestHandshake(now);
        }
        if (now >= timers.initiate) {
            initiate(now, out);
        }
        if (now >= timers.keepalive) {
            timers.keepalive = PeerTimers.NONE;
            sendKeepalive(now, out);
        }
        if (now >= timers.persistentKeepalive) {
            timers.persistentKeepalive = now + persistentKeepalive;
            if (!sendKeepalive(now, out)) {
                initiate(now, out);
            }
        }
    }

    /** When {@link #handleTimeout} has something to do, or {@link #NO_TIMEOUT}. */
    public long nextTimeout() {
        return timers.next();
    }

    /**
     * Sends a keepalive whenever nothing was sent or received for {@code interval}, the first one at once; 0 switches it
     * off. For peers behind NAT.
     */
    public void setPersistentKeepalive(long interval, long now) {
        persistentKeepalive = interval;
        timers.persistentKeepalive = interval == 0 ? PeerTimers.NONE : now;
    }

    /** Whether {@link #seal} would succeed. */
    public boolean hasSession(long now) {
        Session session = sessions.current();
        return session != null && !session.olderThan(timing.rejectAfterTime(), now);
    }

    /** Whether an initiation was sent that is neither answered nor given up. */
    public boolean handshakeInFlight() {
        return pending != null;
    }

    /** Whether the last handshake was given up without an answer, and none was begun since. */
    public boolean expired() {
        return expired;
    }

    /** When a session was last agreed on and confirmed, or {@link #NEVER}. */
    public long lastHandshake() {
        return lastHandshake;
    }

    /** When the last initiation was sent, or {@link #NEVER}. */
    public long lastInitiation() {
        return mayInitiateAt == Long.MIN_VALUE ? NEVER : mayInitiateAt - timing.rekeyTimeout();
    }

    /** Erases all keys and stops all timers. The peer must not be used afterwards. */
    public void close() {
        eraseKeys();
        timers.stop();
        if (staticShared != null) {
            Arrays.fill(staticShared, (byte) 0);
        }
    }

    @Nullable Session session() {
        return sessions.current();
    }

    private void sendInitiation(long now, PacketSink out) {
        endPending();
        mayInitiateAt = now + timing.rekeyTimeout();
        timers.retransmit = mayInitiateAt + jitter();
        sentTimestamp = Tai64n.after(sentTimestamp, clock.instant());
        if (staticShared == null) {
            return;
        }
        pending = PendingHandshake.start(
                aeads, own, remote, staticShared, indices.next(sessions, null), sentTimestamp, random, message);
        if (pending != null) {
            cookies.sign(message, now);
            out.accept(message, 0, HandshakeInitiation.LENGTH);
            sent(now);
        }
    }

    private boolean sendKeepalive(long now, PacketSink out) {
        int length = seal(NOTHING, 0, 0, message, 0, now);
        if (length < 0) {
            return false;
        }
        out.accept(message, 0, length);
        return true;
    }

    private void requestHandshake(long now) {
        if (pending == null && timers.initiate == PeerTimers.NONE) {
            timers.initiate = Math.max(now, mayInitiateAt);
        }
    }

    private void handshakeDone(long now) {
        endPending();
        timers.handshakeEnded();
        expired = false;
        rekeyedOnReceive = false;
        lastHandshake = now;
    }

    private void giveUp(long now) {
        endPending();
        timers.handshakeEnded();
        timers.keepalive = PeerTimers.NONE;
        if (timers.erase == PeerTimers.NONE) {
            timers.erase = now + timing.eraseTime();
        }
        expired = true;
    }

    private void eraseKeys() {
        sessions.erase();
        endPending();
        timers.handshakeEnded();
        timers.erase = PeerTimers.NONE;
        timers.keepalive = PeerTimers.NONE;
        timers.unanswered = PeerTimers.NONE;
    }

    private void endPending() {
        if (pending != null) {
            pending.erase();
            pending = null;
        }
    }

    /** Anything authenticated was sent. */
    private void sent(long now) {
        timers.keepalive = PeerTimers.NONE;
        passed(now);
    }

    /** Anything authenticated was received. */
    private void received(long now) {
        timers.unanswered = PeerTimers.NONE;
        passed(now);
    }

    private void passed(long now) {
        if (persistentKeepalive != 0) {
            timers.persistentKeepalive = now + persistentKeepalive;
        }
    }

    private long jitter() {
        return timing.rekeyTimeoutJitter() == 0 ? 0 : random.nextLong(timing.rekeyTimeoutJitter() + 1);
    }
}
