package dev.sluice.datapath.gateway;

import dev.sluice.datapath.connectivity.Connection;
import dev.sluice.datapath.connectivity.Connections;
import dev.sluice.datapath.policy.Fragments;
import dev.sluice.datapath.policy.Grant;
import dev.sluice.datapath.policy.Verdict;
import dev.sluice.datapath.portal.TunnelSettings;
import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.PacketLedger;
import dev.sluice.datapath.wire.TunSink;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Packets between clients and resources. Nothing passes without a grant that is good at this instant, in either
 * direction, and towards a client nothing but answers to what it sent. The gateway's own address in the tunnel answers
 * pings of clients with any grant, and is good for nothing else: whatever the host listens on is not for them.
 */
final class ForwardPath {
    private final IpPacket packet = new IpPacket();
    private final IpPacket quoted = new IpPacket();
    private final Fragments outbound;
    private final Fragments inbound;
    private final ClientPeers clients;
    private final Connections connections;
    private final Refusals refusals;
    private final ResourceTraffic traffic = new ResourceTraffic();
    private final PacketLedger ledger;
    private final TunSink tun;
    private @Nullable TunnelSettings tunnel;

    ForwardPath(ClientPeers clients, Connections connections, Refusals refusals, PacketLedger ledger, TunSink tun) {
        this.clients = clients;
        this.connections = connections;
        this.refusals = refusals;
        this.ledger = ledger;
        this.tun = tun;
        this.outbound = new Fragments(packet, ledger);
        this.inbound = new Fragments(packet, ledger);
    }

    void tunnel(TunnelSettings settings) {
        tunnel = settings;
    }

    /** A packet that came out of the client's connection. */
    void fromClient(@Nullable ClientPeer client, byte[] buffer, int offset, int length, int segmentSize, long now) {
        IpPacket.Status status = packet.wrap(buffer, offset, length, segmentSize);
        ledger.receive(packet.segments());
        if (!status.isPassable()) {
            ledger.drop(status.dropReason());
        } else if (client == null) {
            ledger.drop(DropReason.UNKNOWN_PEER, packet.segments());
        } else if (!client.isSourceOf(packet)) {
            refusals.refuse(client, packet, DropReason.WRONG_SOURCE, null, now);
        } else if (status == IpPacket.Status.VALID) {
            decideFromClient(client, now);
        } else {
            outbound.pass(() -> decideFromClient(client, now), now);
        }
    }

    /** A packet that the host routed to a client. */
    void fromTun(byte[] buffer, int offset, int length, int segmentSize, long now) {
        IpPacket.Status status = packet.wrap(buffer, offset, length, segmentSize);
        ledger.receive(packet.segments());
        if (!status.isPassable()) {
            ledger.drop(status.dropReason());
            return;
        }
        ClientPeer client = clients.destination(packet);
        if (client == null) {
            ledger.drop(packet.isToMulticast() ? DropReason.MULTICAST : DropReason.UNKNOWN_PEER, packet.segments());
            return;
        }
        if (status == IpPacket.Status.VALID) {
            decideFromTun(client, now);
        } else {
            inbound.pass(() -> decideFromTun(client, now), now);
        }
    }

    /** What passed of the resources that somebody has a grant for. */
    List<GatewayStatus.TrafficStatus> traffic(Set<UUID> granted) {
        traffic.retain(granted);
        return traffic.status();
    }

    /** Gives up parts that have waited for too long. */
    void handleTimeout(long now) {
        outbound.handleTimeout(now);
        inbound.handleTimeout(now);
    }

    long nextTimeout() {
        return Math.min(outbound.nextTimeout(), inbound.nextTimeout());
    }

    private void decideFromClient(ClientPeer client, long now) {
        if (isOwn(packet.destinationOffset())) {
            passToGateway(client, now);
        } else {
            passToResource(client, now);
        }
    }

    private void decideFromTun(ClientPeer client, long now) {
        boolean own = isOwn(packet.sourceOffset()) && !packet.isIcmpError();
        Verdict verdict = own ? anyGrant(client, now) : inbound(client, now);
        if (verdict == Verdict.PERMITTED && !answers(client, now)) {
            verdict = Verdict.UNSOLICITED;
        }
        Grant about = own ? null : client.grants().decidedBy();
        if (verdict == Verdict.PERMITTED) {
            if (about != null && isOfResource()) {
                traffic.of(about).answered(packet);
            }
            send(client, now);
        } else {
            refusals.withhold(client, packet, verdict, about, now);
        }
    }

    private void passToResource(ClientPeer client, long now) {
        Verdict verdict = client.grants().outbound(packet, now);
        Grant about = client.grants().decidedBy();
        if (verdict == Verdict.PERMITTED) {
            client.flows().sent(packet, now);
            if (about != null) {
                traffic.of(about).sent(packet, now);
            }
            toTun();
        } else {
            refusals.refuse(client, packet, verdict.dropReason(), about, now);
        }
    }

    private void passToGateway(ClientPeer client, long now) {
        Verdict verdict = packet.isEchoRequest() ? anyGrant(client, now) : Verdict.FILTERED;
        if (verdict == Verdict.PERMITTED) {
            client.flows().sent(packet, now);
            toTun();
        } else {
            refusals.refuse(client, packet, verdict.dropReason(), null, now);
        }
    }

    private Verdict anyGrant(ClientPeer client, long now) {
        return client.grants().hasLive(now) ? Verdict.PERMITTED : Verdict.NO_GRANT;
    }

    /** An ICMP error may come from any router, but must be about a packet of this client. */
    private Verdict inbound(ClientPeer client, long now) {
        if (packet.isIcmpError() && (packet.embedded(quoted) != IpPacket.Status.VALID || !client.isSourceOf(quoted))) {
            return Verdict.NO_GRANT;
        }
        return client.grants().inbound(packet, now);
    }

    /** An error is about a packet of a flow, as any answer. */
    private boolean answers(ClientPeer client, long now) {
        return packet.isIcmpError()
                ? client.flows().sentBefore(quoted, now)
                : client.flows().answers(packet, now);
    }

    /** An error about a packet, of a router on its way, is no answer of where it went. */
    private boolean isOfResource() {
        return !packet.isIcmpError()
                || Arrays.equals(
                        packet.buffer(),
                        packet.sourceOffset(),
                        packet.sourceOffset() + addressLength(),
                        quoted.buffer(),
                        quoted.destinationOffset(),
                        quoted.destinationOffset() + addressLength());
    }

    private int addressLength() {
        return packet.version() == 4 ? IpAddress.IPV4_LENGTH : IpAddress.IPV6_LENGTH;
    }

    private void toTun() {
        if (tun.accept(packet.buffer(), packet.offset(), packet.totalLength(), packet.segmentSize())) {
            ledger.deliver(packet.segments());
        } else {
            ledger.drop(DropReason.WRITE_FAILED, packet.segments());
        }
    }

    private void send(ClientPeer client, long now) {
        Connection connection = client.connection();
        if (connection == null) {
            ledger.drop(DropReason.NO_CONNECTION, packet.segments());
            return;
        }
        ledger.deliver(packet.segments());
        connections.send(connection, packet, now);
    }

    private boolean isOwn(int addressOffset) {
        return tunnel != null
                && (packet.version() == 4
                        ? tunnel.ipv4().matches(packet.buffer(), addressOffset)
                        : tunnel.ipv6().matches(packet.buffer(), addressOffset));
    }
}
