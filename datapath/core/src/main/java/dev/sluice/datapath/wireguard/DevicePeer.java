package dev.sluice.datapath.wireguard;

import dev.sluice.datapath.wire.Endpoint;
import org.jspecify.annotations.Nullable;

/** A peer of a plain device: the protocol's state, where the peer is, and what waits for it. */
final class DevicePeer {
    private final Peer state;
    private final HeldPackets held = new HeldPackets();
    private @Nullable Endpoint endpoint;
    private long receivedBytes;
    private long sentBytes;

    DevicePeer(Peer state, @Nullable Endpoint endpoint) {
        this.state = state;
        this.endpoint = endpoint;
    }

    Peer state() {
        return state;
    }

    HeldPackets held() {
        return held;
    }

    @Nullable Endpoint endpoint() {
        return endpoint;
    }

    void setEndpoint(Endpoint current) {
        endpoint = current;
    }

    /** A datagram that only the peer can have made came from {@code source}: it is there now (paper, §2.1). */
    void authenticated(Endpoint source, int length) {
        if (!source.equals(endpoint)) {
            endpoint = source;
        }
        receivedBytes += length;
    }

    void sent(int length) {
        sentBytes += length;
    }

    long receivedBytes() {
        return receivedBytes;
    }

    long sentBytes() {
        return sentBytes;
    }
}
