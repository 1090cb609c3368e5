package dev.sluice.datapath.gateway;

import dev.sluice.datapath.connectivity.Connection;
import dev.sluice.datapath.connectivity.Connections;
import dev.sluice.datapath.policy.Grant;
import dev.sluice.datapath.policy.Verdict;
import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.IcmpError;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.NetworkOrder;
import dev.sluice.datapath.wire.PacketLedger;
import org.jspecify.annotations.Nullable;

/**
 * Drops what a client may not send or be sent, and tells the client by ICMP "prohibited", so that it asks for access
 * again. Errors are bounded for each client and resource, and never answer an error.
 */
final class Refusals {
    private final byte[] error = new byte[IcmpError.MAX_LENGTH];
    private final Connections connections;
    private final PacketLedger ledger;

    Refusals(Connections connections, PacketLedger ledger) {
        this.connections = connections;
        this.ledger = ledger;
    }

    /**
     * Refuses a packet of the client.
     *
     * @param about what was decided; null if the packet was refused for no resource
     */
    void refuse(ClientPeer client, IpPacket packet, DropReason reason, @Nullable Grant about, long now) {
        ledger.drop(reason, packet.segments());
        int length = IcmpError.write(cause(packet), packet, error, 0);
        tell(client, length, key(about, packet, packet.destinationOffset()), now);
    }

    /**
     * Drops a packet towards the client. If it was dropped because access ended, the client is told as if it had sent a
     * packet of the same flow: an application that only receives would never find out.
     *
     * @param about as for {@link #refuse}
     */
    void withhold(ClientPeer client, IpPacket packet, Verdict verdict, @Nullable Grant about, long now) {
        ledger.drop(verdict.dropReason(), packet.segments());
        if (verdict == Verdict.NO_GRANT || verdict == Verdict.EXPIRED) {
            int length = IcmpError.writeReversed(IcmpError.Cause.PROHIBITED, packet, error, 0);
            tell(client, length, key(about, packet, packet.sourceOffset()), now);
        }
    }

    /** Of a part "prohibited" would have the client ask for what it has. */
    static IcmpError.Cause cause(IpPacket packet) {
        return packet.isFragment() ? IcmpError.Cause.HOST_UNREACHABLE : IcmpError.Cause.PROHIBITED;
    }

    private void tell(ClientPeer client, int length, int key, long now) {
        Connection connection = client.connection();
        if (length > 0 && connection != null && client.errors().tryAcquire(key, now)) {
            ledger.originate();
            ledger.deliver();
            connections.send(connection, error, 0, length, now);
        }
    }

    /** The resource if it is known, else its address. */
    private static int key(@Nullable Grant about, IpPacket packet, int addressOffset) {
        if (about != null) {
            return about.resource().hashCode();
        }
        int last = addressOffset + (packet.version() == 4 ? 0 : 12);
        return NetworkOrder.getInt(packet.buffer(), last);
    }
}
