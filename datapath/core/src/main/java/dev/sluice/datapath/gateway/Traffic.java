package dev.sluice.datapath.gateway;

import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.NetworkOrder;
import dev.sluice.datapath.wire.TcpHeader;
import org.jspecify.annotations.Nullable;

/**
 * What all clients sent to one resource and what came back, so that a resource which nothing comes back from is seen.
 * Counting allocates nothing.
 */
final class Traffic {
    private long sent;
    private long answered;
    private boolean unanswered;
    private long unansweredSince;
    private long lastSent;
    private int version = 4;
    private long clientHigh;
    private long clientLow;
    private long destinationHigh;
    private long destinationLow;

    /** A client's packet goes to the resource. */
    void sent(IpPacket packet, long now) {
        sent += packet.segments();
        if (!asksForAnAnswer(packet)) {
            return;
        }
        lastSent = now;
        if (!unanswered) {
            unanswered = true;
            unansweredSince = now;
        }
        byte[] buffer = packet.buffer();
        version = packet.version();
        if (version == 4) {
            clientLow = NetworkOrder.getInt(buffer, packet.sourceOffset());
            destinationLow = NetworkOrder.getInt(buffer, packet.destinationOffset());
        } else {
            clientHigh = NetworkOrder.getLong(buffer, packet.sourceOffset());
            clientLow = NetworkOrder.getLong(buffer, packet.sourceOffset() + Long.BYTES);
            destinationHigh = NetworkOrder.getLong(buffer, packet.destinationOffset());
            destinationLow = NetworkOrder.getLong(buffer, packet.destinationOffset() + Long.BYTES);
        }
    }

    /** A packet of the resource goes to a client. */
    void answered(IpPacket packet) {
        answered += packet.segments();
        unanswered = false;
    }

    long sentPackets() {
        return sent;
    }

    long answeredPackets() {
        return answered;
    }

    /** Null while nobody waits for the resource's word. */
    GatewayStatus.@Nullable Unanswered unanswered() {
        return unanswered
                ? new GatewayStatus.Unanswered(
                        address(clientHigh, clientLow),
                        address(destinationHigh, destinationLow),
                        unansweredSince,
                        lastSent)
                : null;
    }

    /** Every connection ends with an acknowledgment or a reset that nobody answers (RFC 9293 §3.6). */
    private static boolean asksForAnAnswer(IpPacket packet) {
        int flags = packet.tcpFlags();
        return flags == 0
                || (flags & (TcpHeader.SYN | TcpHeader.FIN)) != 0
                || packet.transportLength() > TcpHeader.headerLength(packet.buffer(), packet.transportOffset());
    }

    private IpAddress address(long high, long low) {
        return version == 4 ? IpAddress.ipv4((int) low) : IpAddress.ipv6(high, low);
    }
}
