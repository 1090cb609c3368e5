package dev.sluice.datapath.client;

import dev.sluice.channel.Reason;
import dev.sluice.datapath.connectivity.Connections;
import dev.sluice.datapath.policy.FlowTable;
import dev.sluice.datapath.policy.Fragments;
import dev.sluice.datapath.portal.TunnelSettings;
import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.IcmpError;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.PacketLedger;
import dev.sluice.datapath.wire.Segmenter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * From the TUN device to a gateway. For each packet, in this order:
 *
 * <ol>
 *   <li>it must be whole, ours by its source, and for one other host;
 *   <li>the resource is found by the destination; without one, a gateway's own address leads to that gateway;
 *   <li>what the resource's filters leave out is refused here: the portal is not asked for what cannot be;
 *   <li>without a gateway, or while the portal is asked again, it goes to {@link PendingFlows};
 *   <li>else to the connection of the resource's gateway.
 * </ol>
 */
final class OutboundPath {
    private static final long NOTE_INTERVAL = Duration.ofSeconds(1).toNanos();

    private final IpPacket packet = new IpPacket();
    private final IpPacket part = new IpPacket();
    private final Segmenter segmenter = new Segmenter();
    private final byte[] segment = new byte[IpPacket.LONGEST];
    private final ResourceTable resources;
    private final GatewayPeers gateways;
    private final PendingFlows pending;
    private final Connections connections;
    private final FlowTable flows;
    private final Fragments fragments;
    private final Denials denials;
    private final PacketLedger ledger;
    private @Nullable TunnelSettings tunnel;
    private boolean signedOut;
    private long filteredNotedAt = Long.MIN_VALUE;

    OutboundPath(
            ResourceTable resources,
            GatewayPeers gateways,
            PendingFlows pending,
            Connections connections,
            FlowTable flows,
            Denials denials,
            PacketLedger ledger) {
        this.resources = resources;
        this.gateways = gateways;
        this.pending = pending;
        this.connections = connections;
        this.flows = flows;
        this.denials = denials;
        this.ledger = ledger;
        this.fragments = new Fragments(packet, ledger);
    }

    void tunnel(TunnelSettings settings) {
        tunnel = settings;
    }

    /** While signed out, every resource is unreachable. */
    void signedOut(boolean value) {
        signedOut = value;
    }

    /** @param segmentSize of a super-packet; else 0 */
    void handle(byte[] buffer, int offset, int length, int segmentSize, long now) {
        IpPacket.Status status = packet.wrap(buffer, offset, length, segmentSize);
        ledger.receive(packet.segments());
        if (!status.isPassable()) {
            ledger.drop(status.dropReason());
            return;
        }
        DropReason misplaced = misplaced();
        if (misplaced == DropReason.WRONG_SOURCE) {
            // A program bound to another address, a container behind this host, a connection from before the resource.
            denials.refuse(packet, misplaced, IcmpError.Cause.PROHIBITED);
        } else if (misplaced != null) {
            ledger.drop(misplaced, packet.segments());
        } else if (status == IpPacket.Status.VALID) {
            route(now);
        } else {
            fragments.pass(() -> route(now), now);
        }
    }

    /** Sends a packet that has waited for its grant. */
    void resume(ClientResource resource, byte[] buffer, int offset, int length, long now) {
        GatewayPeer gateway = resource.gateway();
        packet.wrap(buffer, offset, length);
        if (gateway == null) {
            ledger.drop(DropReason.NO_CONNECTION);
        } else {
            send(resource, gateway, now);
        }
    }

    /** Gives up parts that have waited for too long. */
    void handleTimeout(long now) {
        fragments.handleTimeout(now);
    }

    long nextTimeout() {
        return fragments.nextTimeout();
    }

    private void route(long now) {
        ClientResource resource = resources.destination(packet);
        if (resource == null) {
            forwardToGateway(now);
        } else {
            forward(resource, now);
        }
    }

    private @Nullable DropReason misplaced() {
        if (packet.isToMulticast()) {
            return DropReason.MULTICAST;
        }
        if (tunnel == null || !packet.isFrom(tunnel.ipv4()) && !packet.isFrom(tunnel.ipv6())) {
            return DropReason.WRONG_SOURCE;
        }
        return packet.isTo(tunnel.ipv4()) || packet.isTo(tunnel.ipv6()) ? DropReason.TO_SELF : null;
    }

    private void forwardToGateway(long now) {
        GatewayPeer gateway = gateways.destination(packet);
        if (gateway == null) {
            denials.refuse(packet, DropReason.NO_RESOURCE, IcmpError.Cause.NETWORK_UNREACHABLE);
        } else {
            send(gateway, now);
        }
    }

    private void forward(ClientResource resource, long now) {
        GatewayPeer gateway = resource.gateway();
        if (signedOut) {
            denials.refuse(packet, DropReason.UNREACHABLE, IcmpError.Cause.HOST_UNREACHABLE);
        } else if (!resource.permits(packet)) {
            refuseFiltered(resource, now);
        } else if (gateway == null || resource.isAsked()) {
            await(resource, now);
        } else {
            send(resource, gateway, now);
        }
    }

    /** What waits is kept packet by packet. */
    private void await(ClientResource resource, long now) {
        if (packet.segmentSize() == 0) {
            pending.accept(resource, packet, now);
            return;
        }
        int count = segmenter.begin(packet);
        for (int i = 0; i < count; i++) {
            part.wrap(segment, 0, segmenter.write(i, segment, 0));
            pending.accept(resource, part, now);
        }
    }

    private void refuseFiltered(ClientResource resource, long now) {
        denials.refuse(packet, DropReason.FILTERED, IcmpError.Cause.PROHIBITED);
        if (filteredNotedAt == Long.MIN_VALUE || now - filteredNotedAt >= NOTE_INTERVAL) {
            filteredNotedAt = now;
            denials.note(resource, Reason.FILTERED);
        }
    }

    private void send(ClientResource resource, GatewayPeer gateway, long now) {
        resource.used(now);
        send(gateway, now);
    }

    /** The connection's own ledger says what becomes of it. */
    private void send(GatewayPeer gateway, long now) {
        ledger.deliver(packet.segments());
        if (!packet.isLaterFragment()) {
            flows.sent(packet, now);
        }
        connections.send(gateway.connection(), packet, now);
    }
}
