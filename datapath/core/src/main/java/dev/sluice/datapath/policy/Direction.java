package dev.sluice.datapath.policy;

import dev.sluice.datapath.wire.IpPacket;

/** Which way a packet goes, and so which of its ends is the resource. */
public enum Direction {
    /** Client to resource: the destination is the resource's. */
    OUTBOUND,
    /** Resource to client: the source is the resource's. */
    INBOUND;

    /** Where the resource's address stands in the packet's buffer. */
    public int resourceAddressOffset(IpPacket packet) {
        return switch (this) {
            case OUTBOUND -> packet.destinationOffset();
            case INBOUND -> packet.sourceOffset();
        };
    }

    /** The resource's TCP or UDP port. */
    public int resourcePort(IpPacket packet) {
        return switch (this) {
            case OUTBOUND -> packet.destinationPort();
            case INBOUND -> packet.sourcePort();
        };
    }
}
