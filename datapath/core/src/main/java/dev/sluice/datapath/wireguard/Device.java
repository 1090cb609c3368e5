package dev.sluice.datapath.wireguard;

import dev.sluice.datapath.wire.CookieReply;
import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.HandshakeInitiation;
import dev.sluice.datapath.wire.HandshakeResponse;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.IpPrefix;
import dev.sluice.datapath.wire.PacketLedger;
import dev.sluice.datapath.wire.PacketSink;
import dev.sluice.datapath.wire.PrefixTable;
import dev.sluice.datapath.wire.TransportData;
import dev.sluice.datapath.wire.WireGuardMessage;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A plain WireGuard device, without portal and ICE: peers, allowed IPs, and endpoints that follow authenticated packets.
 *
 * <p>A packet on its way out: its destination finds the peer by longest prefix, the peer seals it, and it goes to the
 * peer's endpoint; without a session it waits while the handshake runs. On its way in: the receiver index finds the
 * peer, the peer opens it, its source address must be one that this peer may use, and it goes to the TUN device.
 *
 * <p>A pure state machine for one thread: the caller reads {@link #nextTimeout} again after every input.
 */
public final class Device {
    /** What {@link #nextTimeout} returns when nothing is due at any time. */
    public static final long NO_TIMEOUT = Peer.NO_TIMEOUT;

    private static final long SECOND = 1_000_000_000;
    private static final int LARGEST_PACKET = 0xffff;

    private final PublicKey publicKey;
    private final DevicePeer[] peers;
    private final Map<PublicKey, DevicePeer> peersByKey = new HashMap<>();
    private final PrefixTable<DevicePeer> allowedIps = new PrefixTable<>();
    private final IndexTable<DevicePeer> indices;
    private final HandshakeGate gate;
    private final Output output;
    private final PacketLedger ledger = new PacketLedger();
    private final IpPacket packet = new IpPacket();
    private final byte[] buffer = new byte[LARGEST_PACKET + TransportData.OVERHEAD];
    private final int mtu;
    private long nextTimeout = NO_TIMEOUT;

    /** Where a device's packets go. The bytes are valid only during the call, which must not call the device. */
    public interface Output {
        /**
         * A datagram for the network.
         *
         * @param local where the peer's last good datagram came to, from where it expects an answer; null for any
         */
        void transmit(@Nullable Endpoint local, Endpoint remote, byte[] buffer, int offset, int length);

        /** An IP packet for the TUN device. */
        void deliver(byte[] buffer, int offset, int length);
    }

    /**
     * @param random cryptographically strong
     * @param clock wall clock, for the timestamps of handshakes
     */
    public Device(
            WireGuardConfig config,
            Timing timing,
            RandomGenerator random,
            InstantSource clock,
            Output output,
            long now) {
        this.publicKey = config.keys().publicKey();
        this.output = output;
        this.mtu = config.mtu();
        this.indices = new IndexTable<>(random);
        this.gate = new HandshakeGate(config.keys(), timing, random);
        List<DevicePeer> added = new ArrayList<>();
        for (WireGuardConfig.PeerConfig settings : config.peers()) {
            DevicePeer peer = indices.allocate(index -> new DevicePeer(
                    new Peer(
                            config.keys(), settings.publicKey(), settings.presharedKey(), index, timing, random, clock),
                    settings.endpoint()));
            added.add(peer);
            peersByKey.put(settings.publicKey(), peer);
            for (IpPrefix prefix : settings.allowedIps()) {
                allowedIps.put(prefix, peer);
            }
            peer.state().setPersistentKeepalive(settings.persistentKeepalive() * SECOND, now);
            reschedule(peer);
        }
        peers = added.toArray(DevicePeer[]::new);
    }

    /** By which peers know this device. */
    public PublicKey publicKey() {
        return publicKey;
    }

    /** An IP packet from the TUN device. */
    public void handlePacket(byte[] source, int offset, int length, long now) {
        ledger.receive();
        if (packet.wrap(source, offset, length) == IpPacket.Status.MALFORMED) {
            ledger.drop(DropReason.MALFORMED);
            return;
        }
        DevicePeer peer = allowedIps.lookupDestination(packet);
        if (peer == null) {
            ledger.drop(DropReason.UNKNOWN_PEER);
            return;
        }
        Endpoint endpoint = peer.endpoint();
        if (endpoint == null) {
            ledger.drop(DropReason.NO_PATH);
            return;
        }
        if (!seal(peer, endpoint, source, offset, packet.totalLength(), now)) {
            hold(peer, source, offset, packet.totalLength());
            peer.state().initiate(now, sink(peer));
        }
        reschedule(peer);
    }

    /** A datagram from the network, which came to {@code local}. */
    public void handleDatagram(Endpoint local, Endpoint remote, byte[] datagram, int offset, int length, long now) {
        ledger.receive();
        switch (WireGuardMessage.type(datagram, offset, length)) {
            case TransportData.TYPE -> handleData(local, remote, datagram, offset, length, now);
            case HandshakeInitiation.TYPE -> handleInitiation(local, remote, datagram, offset, length, now);
            case HandshakeResponse.TYPE -> handleResponse(local, remote, datagram, offset, length, now);
            case CookieReply.TYPE -> handleCookieReply(datagram, offset, length, now);
            default -> ledger.drop(DropReason.UNKNOWN_TYPE);
        }
    }

    /** Does what is due. */
    public void handleTimeout(long now) {
        if (now < nextTimeout) {
            return;
        }
        nextTimeout = NO_TIMEOUT;
        for (DevicePeer peer : peers) {
            if (now >= peer.state().nextTimeout()) {
                peer.state().handleTimeout(now, sink(peer));
                if (peer.state().expired()) {
                    discardHeld(peer);
                }
            }
            reschedule(peer);
        }
    }

    /** When {@link #handleTimeout} has something to do, or {@link #NO_TIMEOUT}; it may be early, never late. */
    public long nextTimeout() {
        return nextTimeout;
    }

    /** Packets in both directions, and the messages of the protocol, in one account. May be read by any thread. */
    public PacketLedger ledger() {
        return ledger;
    }

    /** The state of every peer, in the order of the configuration. */
    public List<Status> status(long now) {
        List<Status> status = new ArrayList<>();
        for (DevicePeer peer : peers) {
            status.add(new Status(
                    peer.state().remote(),
                    peer.endpoint(),
                    peer.state().hasSession(now),
                    peer.state().lastHandshake(),
                    peer.receivedBytes(),
                    peer.sentBytes()));
        }
        return status;
    }

    /** A peer's name has this address now. */
    public void setEndpoint(PublicKey peer, Endpoint endpoint) {
        DevicePeer known = peersByKey.get(peer);
        if (known != null) {
            known.setEndpoint(endpoint);
        }
    }

    /** Addresses of this host went away: what was sent from them is sent from any. */
    public void forgetLocals(Predicate<Endpoint> gone) {
        for (DevicePeer peer : peers) {
            peer.forgetLocal(gone);
        }
    }

    /** Erases all keys. The device must not be used afterwards. */
    public void close() {
        for (DevicePeer peer : peers) {
            discardHeld(peer);
            peer.state().close();
        }
        nextTimeout = NO_TIMEOUT;
    }

    /**
     * What is known of a peer.
     *
     * @param session whether a packet could be sent now
     * @param lastHandshake monotonic time, or {@link Peer#NEVER}
     * @param receivedBytes of its datagrams that were good
     * @param sentBytes of datagrams to it
     */
    public record Status(
            PublicKey publicKey,
            @Nullable Endpoint endpoint,
            boolean session,
            long lastHandshake,
            long receivedBytes,
            long sentBytes) {}

    private void handleData(Endpoint local, Endpoint remote, byte[] datagram, int offset, int length, long now) {
        DevicePeer peer =
                length < TransportData.OVERHEAD ? null : indices.find(TransportData.receiverIndex(datagram, offset));
        if (peer == null) {
            ledger.drop(length < TransportData.OVERHEAD ? DropReason.MALFORMED : DropReason.UNKNOWN_INDEX);
            return;
        }
        int plain = offset + TransportData.ENCRYPTED_PACKET_FIELD_OFFSET;
        int opened = peer.state().open(datagram, offset, length, datagram, plain, now);
        if (opened < 0) {
            ledger.drop(Failure.reason(opened));
            return;
        }
        peer.authenticated(local, remote, length);
        if (opened == 0) {
            ledger.consume();
        } else if (packet.wrap(datagram, plain, opened) == IpPacket.Status.MALFORMED) {
            ledger.drop(DropReason.MALFORMED);
        } else if (allowedIps.lookupSource(packet) != peer) {
            ledger.drop(DropReason.WRONG_SOURCE);
        } else {
            ledger.deliver();
            output.deliver(datagram, plain, packet.totalLength());
        }
        sendHeld(peer, now);
        reschedule(peer);
    }

    private void handleInitiation(Endpoint local, Endpoint remote, byte[] datagram, int offset, int length, long now) {
        if (!admitted(local, remote, datagram, offset, length, now)) {
            return;
        }
        Initiation initiation = gate.open(datagram, offset);
        DevicePeer peer = initiation == null ? null : peersByKey.get(initiation.initiator());
        if (initiation == null || peer == null) {
            ledger.drop(initiation == null ? DropReason.FORGED : DropReason.UNKNOWN_PEER);
            return;
        }
        // The response goes to where the initiation came from, and only an accepted initiation is answered.
        PacketSink answer = (message, start, size) -> {
            peer.authenticated(local, remote, length);
            sink(peer).accept(message, start, size);
        };
        count(peer.state().handleInitiation(initiation, now, answer));
        reschedule(peer);
    }

    private void handleResponse(Endpoint local, Endpoint remote, byte[] datagram, int offset, int length, long now) {
        if (!admitted(local, remote, datagram, offset, length, now)) {
            return;
        }
        DevicePeer peer = indices.find(HandshakeResponse.receiverIndex(datagram, offset));
        if (peer == null) {
            ledger.drop(DropReason.UNKNOWN_INDEX);
            return;
        }
        PacketSink answer = (message, start, size) -> {
            peer.authenticated(local, remote, length);
            sink(peer).accept(message, start, size);
        };
        count(peer.state().handleResponse(datagram, offset, length, now, answer));
        sendHeld(peer, now);
        reschedule(peer);
    }

    private void handleCookieReply(byte[] datagram, int offset, int length, long now) {
        DevicePeer peer =
                length != CookieReply.LENGTH ? null : indices.find(CookieReply.receiverIndex(datagram, offset));
        if (peer == null) {
            ledger.drop(length != CookieReply.LENGTH ? DropReason.MALFORMED : DropReason.UNKNOWN_INDEX);
            return;
        }
        count(peer.state().handleCookieReply(datagram, offset, length, now));
    }

    private boolean admitted(Endpoint local, Endpoint remote, byte[] datagram, int offset, int length, long now) {
        int admitted = gate.admit(datagram, offset, length, remote, now, (message, start, size) -> {
            ledger.originate();
            ledger.deliver();
            output.transmit(local, remote, message, start, size);
        });
        if (admitted < 0) {
            ledger.drop(Failure.reason(admitted));
        }
        return admitted >= 0;
    }

    private void count(int result) {
        if (result < 0) {
            ledger.drop(Failure.reason(result));
        } else {
            ledger.consume();
        }
    }

    /** For the protocol's own messages to a peer. */
    private PacketSink sink(DevicePeer peer) {
        return (message, offset, length) -> {
            ledger.originate();
            Endpoint endpoint = peer.endpoint();
            if (endpoint == null) {
                ledger.drop(DropReason.NO_PATH);
                return;
            }
            ledger.deliver();
            peer.sent(length);
            output.transmit(peer.local(), endpoint, message, offset, length);
        };
    }

    /** Pads to 16 bytes, but not beyond the MTU (paper, §5.4.6), and sends; false if there is no session. */
    private boolean seal(DevicePeer peer, Endpoint endpoint, byte[] source, int offset, int length, long now) {
        int padded = Math.max(length, Math.min(length + 15 & ~15, mtu));
        int start = TransportData.ENCRYPTED_PACKET_FIELD_OFFSET;
        System.arraycopy(source, offset, buffer, start, length);
        Arrays.fill(buffer, start + length, start + padded, (byte) 0);
        int sealed = peer.state().seal(buffer, start, padded, buffer, 0, now);
        if (sealed < 0) {
            return false;
        }
        ledger.deliver();
        peer.sent(sealed);
        output.transmit(peer.local(), endpoint, buffer, 0, sealed);
        return true;
    }

    private void hold(DevicePeer peer, byte[] source, int offset, int length) {
        if (peer.held().add(source, offset, length)) {
            ledger.hold();
        } else {
            ledger.drop(DropReason.QUEUE_FULL);
        }
    }

    private void sendHeld(DevicePeer peer, long now) {
        Endpoint endpoint = peer.endpoint();
        byte[] held = peer.held().peek();
        while (held != null && endpoint != null && seal(peer, endpoint, held, 0, held.length, now)) {
            ledger.release();
            peer.held().remove();
            held = peer.held().peek();
        }
    }

    private void discardHeld(DevicePeer peer) {
        while (peer.held().peek() != null) {
            peer.held().remove();
            ledger.release();
            ledger.drop(DropReason.TIMED_OUT);
        }
    }

    private void reschedule(DevicePeer peer) {
        nextTimeout = Math.min(nextTimeout, peer.state().nextTimeout());
    }
}
