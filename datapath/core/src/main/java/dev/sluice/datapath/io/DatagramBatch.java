package dev.sluice.datapath.io;

import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.PacketBatch;
import java.util.Arrays;
import java.util.Objects;

/** Datagrams that one socket received together. Valid during the call that hands it over; for one thread. */
public final class DatagramBatch {
    private static final Endpoint NOBODY = new Endpoint(IpAddress.ipv4(0), 0);

    private final PacketBatch packets;
    private final Endpoint[] remotes;
    private final Endpoint[] locals;

    DatagramBatch(int slots, int datagramLength) {
        packets = new PacketBatch(slots, 0, datagramLength);
        remotes = new Endpoint[slots];
        Arrays.fill(remotes, NOBODY);
        locals = new Endpoint[slots];
        Arrays.fill(locals, NOBODY);
    }

    public PacketBatch packets() {
        return packets;
    }

    /** Who sent the datagram at {@code index}. */
    public Endpoint remote(int index) {
        return remotes[Objects.checkIndex(index, packets.size())];
    }

    /** To which of this host's addresses the datagram at {@code index} came. */
    public Endpoint local(int index) {
        return locals[Objects.checkIndex(index, packets.size())];
    }

    /** Ends a datagram that was written at the packets' next offset. */
    void commit(Endpoint local, Endpoint remote, int length) {
        locals[packets.size()] = local;
        remotes[packets.size()] = remote;
        packets.commit(length);
    }
}
