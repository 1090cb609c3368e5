package dev.sluice.datapath.wireguard;

import dev.sluice.datapath.wire.Endpoint;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A peer of a plain device: the protocol's state, where the peer is, and what waits for it. */
final class DevicePeer {
    private final Peer state;
    private final HeldPackets held = new HeldPackets();
    private @Nullable Endpoint endpoint;
    private @Nullable Endpoint local;
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
        local = null;
    }

    /** From where it expects our datagrams; null while nothing good has come from it. */
    @Nullable Endpoint local() {
        return local;
    }

    void forgetLocal(Predicate<Endpoint> gone) {
        if (local != null && gone.test(local)) {
            local = null;
        }
    }

    /** A datagram that only the peer can have made came from {@code source}: it is there now (paper, §2.1). */
    void authenticated(Endpoint destination, Endpoint source, int length) {
        if (!source.equals(endpoint)) {
            endpoint = source;
        }
        local = destination;
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
