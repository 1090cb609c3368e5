package dev.sluice.datapath.policy;

import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.IpPrefix;
import java.util.List;
import java.util.UUID;

/** What one resource lets pass: at the client a resource that it knows, at the gateway a grant that it holds. */
public interface Rule {
    UUID resource();

    /** The resource's addresses. */
    List<IpPrefix> networks();

    /**
     * Whether a packet to or from one of the networks may pass now. Allocates nothing.
     *
     * @param packet wrapped and valid
     * @param now monotonic, in nanoseconds
     */
    boolean permits(IpPacket packet, Direction direction, long now);
}
