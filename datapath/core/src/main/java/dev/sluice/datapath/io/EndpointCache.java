package dev.sluice.datapath.io;

import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.IpAddress;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints that were seen lately, each made once while it keeps its place: two that hash alike take turns. Bounded,
 * since anybody can make a socket see a new address. For one thread.
 */
final class EndpointCache {
    private static final int SLOTS = 1024;

    private final @Nullable Endpoint[] slots = new Endpoint[SLOTS];

    /** The endpoint that the kernel wrote at {@code offset}. */
    Endpoint read(MemorySegment memory, long offset) {
        int port = SocketAddress.port(memory, offset);
        int version = SocketAddress.version(memory, offset);
        long high = SocketAddress.high(memory, offset);
        long low = SocketAddress.low(memory, offset);
        int scope = SocketAddress.scope(memory, offset);
        int slot = (Long.hashCode(high * 31 + low) * 31 + port) & SLOTS - 1;
        Endpoint known = slots[slot];
        if (known != null
                && known.port() == port
                && known.scope() == scope
                && known.address().version() == version
                && known.address().high() == high
                && known.address().low() == low) {
            return known;
        }
        Endpoint made = new Endpoint(new IpAddress(version, high, low), port, scope);
        slots[slot] = made;
        return made;
    }
}
