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

    /** Refuses a packet of the client. */
    void refuse(ClientPeer client, IpPacket packet, DropReason reason, long now) {
        ledger.drop(reason);
        if (client.errors().tryAcquire(key(client, packet, packet.destinationOffset()), now)) {
            tell(client, IcmpError.write(IcmpError.Cause.PROHIBITED, packet, error, 0), now);
        }
    }

    /**
     * Drops a packet towards the client. If it was dropped because access ended, the client is told as if it had sent a
     * packet of the same flow: an application that only receives would never find out.
     */
    void withhold(ClientPeer client, IpPacket packet, Verdict verdict, long now) {
        ledger.drop(verdict.dropReason());
        boolean accessEnded = verdict == Verdict.NO_GRANT || verdict == Verdict.EXPIRED;
        if (accessEnded
                && client.connection() != null
                && client.errors().tryAcquire(key(client, packet, packet.sourceOffset()), now)) {
            tell(client, IcmpError.writeReversed(IcmpError.Cause.PROHIBITED, packet, error, 0), now);
        }
    }

    private void tell(ClientPeer client, int length, long now) {
        Connection connection = client.connection();
        if (length > 0 && connection != null) {
            ledger.originate();
            ledger.deliver();
            connections.send(connection, error, 0, length, now);
        }
    }

    /** The resource if it is known, else its address. */
    private static int key(ClientPeer client, IpPacket packet, int addressOffset) {
        Grant grant = client.grants().decidedBy();
        if (grant != null) {
            return grant.resource().hashCode();
        }
        int last = addressOffset + (packet.version() == 4 ? 0 : 12);
        return NetworkOrder.getInt(packet.buffer(), last);
    }
}
