package dev.sluice.datapath.connectivity;

import dev.sluice.datapath.wire.Coalescer;
import dev.sluice.datapath.wire.Coalescing;
import dev.sluice.datapath.wire.IpPacket;
import org.jspecify.annotations.Nullable;

/**
 * Hands over what was opened, in order, and packets of one flow that follow each other as one super-packet: so a decision
 * and a write serve them all. Nothing stays here beyond the batch of datagrams that it came with.
 */
final class Arrivals {
    private final Connections.Output output;
    private final IpPacket packet = new IpPacket();
    private @Nullable Coalescer coalescer;
    private @Nullable Connection sender;

    Arrivals(Connections.Output output) {
        this.output = output;
    }

    void coalesce(Coalescing what) {
        coalescer = what == Coalescing.NOTHING ? null : new Coalescer(what == Coalescing.STREAMS_AND_DATAGRAMS);
    }

    /** Takes a packet that came out of a connection. */
    void add(Connection from, byte[] buffer, int offset, int length) {
        if (coalescer == null) {
            output.deliver(from, buffer, offset, length, 0);
            return;
        }
        if (sender != from) {
            flush();
        }
        if (!takes(coalescer, buffer, offset, length)) {
            output.deliver(from, buffer, offset, length, 0);
            return;
        }
        sender = from;
    }

    /** Hands over what is still here. */
    void flush() {
        Connection from = sender;
        if (coalescer == null || from == null) {
            return;
        }
        sender = null;
        IpPacket whole = coalescer.packet();
        coalescer.clear();
        output.deliver(from, whole.buffer(), whole.offset(), whole.totalLength(), whole.segmentSize());
    }

    /** False, with nothing here any more, if nothing can follow the packet. */
    private boolean takes(Coalescer runs, byte[] buffer, int offset, int length) {
        if (packet.wrap(buffer, offset, length) != IpPacket.Status.VALID) {
            flush();
            return false;
        }
        if (runs.add(packet)) {
            return true;
        }
        flush();
        return runs.add(packet);
    }
}
