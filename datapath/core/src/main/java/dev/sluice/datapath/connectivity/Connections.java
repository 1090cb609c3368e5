package dev.sluice.datapath.connectivity;

import dev.sluice.datapath.wire.Coalescing;
import dev.sluice.datapath.wire.ControlPacket;
import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.PacketLedger;
import dev.sluice.datapath.wire.Segmenter;
import dev.sluice.datapath.wire.StunWriter;
import dev.sluice.datapath.wire.TransportData;
import dev.sluice.datapath.wireguard.AdvancingClock;
import dev.sluice.datapath.wireguard.HandshakeGate;
import dev.sluice.datapath.wireguard.KeyPair;
import dev.sluice.datapath.wireguard.Peer;
import dev.sluice.datapath.wireguard.PresharedKey;
import dev.sluice.datapath.wireguard.PublicKey;
import dev.sluice.datapath.wireguard.Timing;
import java.lang.System.Logger;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * All connections of a device. Joins ICE, which finds and keeps the path, with WireGuard, which carries the packets.
 *
 * <p>A pure state machine of one thread: after every input the caller reads {@link #nextTimeout} again.
 *
 * <p>The ledger counts what is handed in ({@link #handleDatagram}, {@link #send}) as received and what is made here
 * (checks, handshakes, keepalives) as originated; what is transmitted or handed out as delivered; checks, handshakes,
 * keepalives and goodbyes from peers as consumed.
 */
public final class Connections {
    /** What the connections do to the world. Buffers are valid during the call only. */
    public interface Output {
        /** Sends a datagram. */
        void transmit(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length);

        /**
         * A packet came out of the tunnel: at least one byte, no control packet, otherwise unchecked, perhaps with padding
         * behind it. May call {@link Connections#send}.
         *
         * @param segmentSize of a super-packet, which was put together here and has a partial checksum; else 0
         */
        void deliver(Connection from, byte[] buffer, int offset, int length, int segmentSize);

        /** Tell the peer these candidates of ours, best first, and that those are no more. */
        void signal(UUID peer, List<String> added, List<String> removed);

        /** The connection is over and forgotten; not called for one that this side closed or replaced. */
        void failed(Connection connection, Failure why);

        /** A held packet will not be sent, for its connection is over. Comes before {@link #failed}. */
        default void undelivered(Connection connection, byte[] buffer, int offset, int length) {}
    }

    private static final Logger LOGGER = System.getLogger(Connections.class.getName());

    /** Takes the longest UDP datagram, and the longest IP packet with WireGuard's framing. */
    private static final int SCRATCH_LENGTH = 65_536 + TransportData.OVERHEAD;

    private static final int LONGEST_PACKET = 65_535;

    private static final long AFTER_EXCEPTION = 1_000_000_000;

    private final Role role;
    private final Timing timing;
    private final RandomGenerator random;
    private final InstantSource wallClock;
    private final Output output;

    private final PacketLedger ledger = new PacketLedger();
    private final HostCandidates host = new HostCandidates();
    private final List<CandidateSource> sources = List.of(host);
    private final EarlyCandidates early;
    private final DeadlineQueue deadlines = new DeadlineQueue();
    private final ConnectionTable table;
    private final Demultiplexer demultiplexer;
    private final Arrivals arrivals;
    private final Segmenter segmenter = new Segmenter();

    private final byte[] segment = new byte[SCRATCH_LENGTH];
    private final byte[] sealed = new byte[SCRATCH_LENGTH];
    private final StunWriter stunWriter = new StunWriter();

    private final KeyPair own;

    /**
     * @param random must be cryptographically strong
     * @param wallClock for the timestamps of WireGuard's handshakes
     */
    public Connections(
            KeyPair own, Role role, Timing timing, RandomGenerator random, InstantSource wallClock, Output output) {
        this.own = own;
        this.role = role;
        this.timing = timing;
        this.random = random;
        this.wallClock = new AdvancingClock(wallClock);
        this.output = output;
        this.early = new EarlyCandidates(timing);
        this.table = new ConnectionTable(random);
        this.arrivals = new Arrivals(output);
        this.demultiplexer = new Demultiplexer(this, table, new HandshakeGate(own, timing, random));
    }

    /**
     * Replaces the addresses of the device's sockets. Connections move from those that are gone to the others, and the
     * peers are told.
     */
    public void setLocalEndpoints(Collection<Endpoint> endpoints, long now) {
        host.replace(endpoints);
        List<LocalCandidate> candidates = candidates();
        for (Connection connection : copy()) {
            connection.locals(candidates, now);
        }
    }

    /**
     * Makes the connection to a peer, or freshens the one there is: with the same key, secret and credentials it is kept,
     * all our candidates are signalled again and a client handshakes again; with any other it is replaced, and the new
     * one takes over its held packets.
     *
     * @param local the credentials of this side
     * @param remote the credentials of the peer
     */
    public Connection upsert(
            UUID peer,
            PublicKey key,
            PresharedKey presharedKey,
            IceCredentials local,
            IceCredentials remote,
            long now) {
        Connection known = table.of(peer);
        if (known != null && known.is(key, presharedKey, local, remote)) {
            known.refresh(now);
            return known;
        }
        Connection connection =
                table.allocate(index -> new Connection(this, index, peer, key, presharedKey, local, remote, now));
        if (known != null) {
            connection.inherit(known);
            remove(known, null, DropReason.CLOSED);
        }
        table.add(connection);
        connection.locals(candidates(), now);
        for (Candidate candidate : early.take(peer, now)) {
            connection.addRemote(candidate, now);
        }
        schedule(connection);
        return connection;
    }

    /** A candidate of a peer, as it stands on the wire. A malformed one is skipped; one of an unknown peer is kept a while. */
    public void addRemoteCandidate(UUID peer, String text, long now) {
        Candidate candidate = parse(peer, text);
        if (candidate == null) {
            return;
        }
        Connection connection = table.of(peer);
        if (connection == null) {
            early.add(peer, candidate, now);
        } else {
            connection.addRemote(candidate, now);
        }
    }

    /** A candidate that a peer takes back. */
    public void removeRemoteCandidate(UUID peer, String text, long now) {
        Candidate candidate = parse(peer, text);
        if (candidate == null) {
            return;
        }
        early.remove(peer, candidate);
        Connection connection = table.of(peer);
        if (connection != null) {
            connection.removeRemote(candidate, now);
        }
    }

    /**
     * Signals all our candidates for every connection again, and those that are no more: what was signalled while the
     * portal was away is lost, or just before.
     */
    public void resignal(long now) {
        for (Connection connection : copy()) {
            connection.signalAgain();
        }
    }

    public @Nullable Connection connection(UUID peer) {
        return table.of(peer);
    }

    /** All connections that are not over. */
    public Collection<Connection> connections() {
        return table.all();
    }

    /**
     * Sends an IP packet through a connection. Without a path and a session a client holds up to 128 packets, beyond
     * which the oldest goes; a gateway drops, for what it may send it may send now.
     */
    public void send(Connection connection, byte[] packet, int offset, int length, long now) {
        ledger.receive();
        if (connection.state() == ConnectionState.FAILED) {
            ledger.drop(DropReason.NO_CONNECTION);
            return;
        }
        if (length <= 0 || length > LONGEST_PACKET) {
            ledger.drop(length <= 0 ? DropReason.MALFORMED : DropReason.OVERSIZED);
            return;
        }
        connection.send(packet, offset, length, now);
    }

    /**
     * Sends an IP packet, and a super-packet as the packets that it stands for; as of {@link #send(Connection, byte[],
     * int, int, long)}.
     */
    public void send(Connection connection, IpPacket packet, long now) {
        if (packet.segmentSize() == 0) {
            send(connection, packet.buffer(), packet.offset(), packet.totalLength(), now);
            return;
        }
        int count = segmenter.begin(packet);
        for (int i = 0; i < count; i++) {
            send(connection, segment, 0, segmenter.write(i, segment, 0), now);
        }
    }

    /** What is to be handed over in one piece, until {@link #endBatch}. */
    public void coalesce(Coalescing what) {
        arrivals.coalesce(what);
    }

    /** The datagrams that came together have been handed in. */
    public void endBatch() {
        arrivals.flush();
    }

    /** A datagram came in. It is opened where it is. */
    public void handleDatagram(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length, long now) {
        ledger.receive();
        demultiplexer.handle(local, remote, buffer, offset, length, now);
    }

    /** Does what is due. */
    public void handleTimeout(long now) {
        for (Connection due = deadlines.poll(now); due != null; due = deadlines.poll(now)) {
            handleTimeout(due, now);
        }
    }

    /** When {@link #handleTimeout} wants to be called, or {@code Long.MAX_VALUE}. */
    public long nextTimeout() {
        return deadlines.first();
    }

    /** Says goodbye to the peer and forgets the connection. */
    public void close(Connection connection, long now) {
        if (connection.state() != ConnectionState.FAILED) {
            connection.sendControl(ControlPacket.goodbye(), now);
            remove(connection, null, DropReason.CLOSED);
        }
    }

    public PacketLedger ledger() {
        return ledger;
    }

    Role role() {
        return role;
    }

    Timing timing() {
        return timing;
    }

    Output output() {
        return output;
    }

    /** Where packets are sealed into. */
    byte[] sealed() {
        return sealed;
    }

    Arrivals arrivals() {
        return arrivals;
    }

    IceAgent agent(int index, IceCredentials local, IceCredentials remote) {
        return new IceAgent(role, index, local, remote, timing, random, stunWriter, this::originate);
    }

    Peer wireguard(PublicKey key, PresharedKey presharedKey, int index) {
        return new Peer(own, key, presharedKey, index, timing, random, wallClock);
    }

    void schedule(Connection connection) {
        if (connection.state() != ConnectionState.FAILED) {
            deadlines.bring(connection, connection.nextTimeout());
        }
    }

    void established(Connection connection) {
        LOGGER.log(Logger.Level.DEBUG, "Connected to {0} ({1})", connection.peer(), connection.pathTypes());
    }

    void fail(Connection connection, Failure why) {
        LOGGER.log(Logger.Level.DEBUG, "The connection to {0} ended: {1}", connection.peer(), why.code());
        remove(connection, why, why == Failure.GOODBYE ? DropReason.CLOSED : DropReason.TIMED_OUT);
        output.failed(connection, why);
    }

    /** Counts what became of a message of WireGuard's own. */
    void settle(int result) {
        if (result < 0) {
            ledger.drop(dev.sluice.datapath.wireguard.Failure.reason(result));
        } else {
            ledger.consume();
        }
    }

    /** Sends what was made here. */
    void originate(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length) {
        ledger.originate();
        ledger.deliver();
        output.transmit(local, remote, buffer, offset, length);
    }

    /** One whose timeout cannot be handled comes up again, and neither keeps the others nor the processor busy. */
    private void handleTimeout(Connection due, long now) {
        long earliest = now + AFTER_EXCEPTION;
        try {
            if (due.nextTimeout() <= now) {
                due.handleTimeout(now);
                deadlines.remove(due);
            }
            earliest = now + 1;
        } finally {
            if (due.state() != ConnectionState.FAILED) {
                deadlines.bring(due, Math.max(due.nextTimeout(), earliest));
            }
        }
    }

    private void remove(Connection connection, @Nullable Failure why, DropReason reason) {
        table.remove(connection);
        deadlines.remove(connection);
        connection.end(why, reason);
    }

    private List<LocalCandidate> candidates() {
        List<LocalCandidate> all = new ArrayList<>();
        for (CandidateSource source : sources) {
            all.addAll(source.candidates());
        }
        return all;
    }

    private List<Connection> copy() {
        return List.copyOf(table.all());
    }

    private static @Nullable Candidate parse(UUID peer, String text) {
        Candidate candidate = Candidate.parse(text);
        if (candidate == null) {
            LOGGER.log(Logger.Level.DEBUG, "A candidate of {0} is malformed and skipped", peer);
        }
        return candidate;
    }
}
