package dev.sluice.datapath.connectivity;

import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.PacketSink;
import dev.sluice.datapath.wire.TransportData;
import dev.sluice.datapath.wireguard.Initiation;
import dev.sluice.datapath.wireguard.Peer;
import dev.sluice.datapath.wireguard.PresharedKey;
import dev.sluice.datapath.wireguard.PublicKey;
import org.jspecify.annotations.Nullable;

/** The WireGuard part of a connection: seals what goes out, on the nominated path, and holds what cannot go out yet. */
final class Tunnel {
    private final Connections owner;
    private final Peer wireguard;
    private final PacketSink wireguardOutput = this::transmit;
    private final HeldPackets held;
    private @Nullable Path path;
    private @Nullable Initiation earlyInitiation;

    private long packetsSent;
    private long bytesSent;
    private long packetsReceived;
    private long bytesReceived;

    Tunnel(Connections owner, PublicKey publicKey, PresharedKey presharedKey, int index) {
        this.owner = owner;
        this.wireguard = owner.wireguard(publicKey, presharedKey, index);
        this.held = new HeldPackets(owner.ledger());
    }

    Peer wireguard() {
        return wireguard;
    }

    long packetsSent() {
        return packetsSent;
    }

    long bytesSent() {
        return bytesSent;
    }

    long packetsReceived() {
        return packetsReceived;
    }

    long bytesReceived() {
        return bytesReceived;
    }

    @Nullable Path path() {
        return path;
    }

    /** From now on datagrams go this way; an initiation that came too early is answered. */
    void path(@Nullable Path nominated, long now) {
        path = nominated;
        Initiation early = earlyInitiation;
        if (nominated != null && early != null) {
            earlyInitiation = null;
            owner.ledger().release();
            owner.settle(wireguard.handleInitiation(early, now, wireguardOutput));
        }
    }

    /** Takes over the packets that another one holds. */
    void inherit(Tunnel replaced) {
        for (byte[] packet = replaced.held.release(); packet != null; packet = replaced.held.release()) {
            held.hold(packet, 0, packet.length);
        }
    }

    /** @return whether there was a path and a session for it */
    boolean send(byte[] packet, int offset, int length, long now) {
        Path on = path;
        if (on == null) {
            return false;
        }
        int sealed = wireguard.seal(packet, offset, length, owner.sealed(), 0, now);
        if (sealed < 0) {
            return false;
        }
        packetsSent++;
        bytesSent += length;
        owner.ledger().deliver();
        owner.output().transmit(on.local(), on.remote(), owner.sealed(), 0, sealed);
        return true;
    }

    /** Keeps a packet for {@link #flush}. */
    void hold(byte[] packet, int offset, int length) {
        held.hold(packet, offset, length);
    }

    boolean holds() {
        return !held.isEmpty();
    }

    /** Sends what is held, if it can be sent. */
    void flush(long now) {
        while (path != null && !held.isEmpty() && wireguard.hasSession(now)) {
            byte[] packet = held.release();
            if (packet != null && !send(packet, 0, packet.length, now)) {
                owner.ledger().drop(DropReason.NO_SESSION);
            }
        }
    }

    /** Takes out the oldest packet that is held; null if there is none. */
    byte @Nullable [] release() {
        return held.release();
    }

    /** @return the packet's length, 0 for a keepalive, or a negative failure of WireGuard's */
    int open(byte[] datagram, int offset, int length, long now) {
        int packet = offset + TransportData.ENCRYPTED_PACKET_FIELD_OFFSET;
        int opened = wireguard.open(datagram, offset, length, datagram, packet, now);
        if (opened > 0) {
            packetsReceived++;
            bytesReceived += opened;
        }
        return opened;
    }

    /** An initiation that comes before the nomination, as a swap on the way can do, waits for it. */
    void handleInitiation(Initiation initiation, long now) {
        if (path == null) {
            dropInitiation(DropReason.DUPLICATE);
            earlyInitiation = initiation;
            owner.ledger().hold();
        } else {
            owner.settle(wireguard.handleInitiation(initiation, now, wireguardOutput));
        }
    }

    int handleResponse(byte[] datagram, int offset, int length, long now) {
        return wireguard.handleResponse(datagram, offset, length, now, wireguardOutput);
    }

    void initiate(long now) {
        wireguard.initiate(now, wireguardOutput);
    }

    void handleTimeout(long now) {
        wireguard.handleTimeout(now, wireguardOutput);
    }

    /** Erases the keys. What is held stays, to be released. */
    void close(DropReason reason) {
        path = null;
        wireguard.close();
        dropInitiation(reason);
    }

    private void dropInitiation(DropReason reason) {
        if (earlyInitiation != null) {
            earlyInitiation = null;
            owner.ledger().release();
            owner.ledger().drop(reason);
        }
    }

    /** Sends what WireGuard made by itself. */
    private void transmit(byte[] datagram, int offset, int length) {
        owner.ledger().originate();
        Path on = path;
        if (on == null) {
            owner.ledger().drop(DropReason.NO_PATH);
        } else {
            owner.ledger().deliver();
            owner.output().transmit(on.local(), on.remote(), datagram, offset, length);
        }
    }
}
