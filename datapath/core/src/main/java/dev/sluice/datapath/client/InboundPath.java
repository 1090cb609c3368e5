package dev.sluice.datapath.client;

import dev.sluice.datapath.policy.FlowTable;
import dev.sluice.datapath.policy.Fragments;
import dev.sluice.datapath.portal.TunnelSettings;
import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.PacketLedger;
import dev.sluice.datapath.wire.TunSink;
import org.jspecify.annotations.Nullable;

/**
 * From a gateway to the TUN device. A gateway may send us answers to what we sent to a resource that it granted and to
 * its own address in the tunnel, and ICMP errors from anywhere about packets that we sent through it. Everything else
 * is dropped, also what a resource's host begins. An error that says "prohibited" is delivered as any other, and asks for
 * access again besides.
 */
final class InboundPath {
    private final IpPacket packet = new IpPacket();
    private final IpPacket quoted = new IpPacket();
    private final ResourceTable resources;
    private final FlowTable flows;
    private final Fragments fragments;
    private final Refusals refusals;
    private final PacketLedger ledger;
    private final TunSink tun;
    private @Nullable TunnelSettings tunnel;

    /** Hears of packets that a gateway, or a host beyond it, refused. */
    @FunctionalInterface
    interface Refusals {
        void refused(ClientResource resource, IpPacket ours, long now);
    }

    InboundPath(ResourceTable resources, FlowTable flows, Refusals refusals, PacketLedger ledger, TunSink tun) {
        this.resources = resources;
        this.flows = flows;
        this.refusals = refusals;
        this.ledger = ledger;
        this.fragments = new Fragments(packet, ledger);
        this.tun = tun;
    }

    void tunnel(TunnelSettings settings) {
        tunnel = settings;
    }

    /**
     * Takes a packet.
     *
     * @param gateway whose connection it came out of; null if that is nobody's any more
     */
    void handle(@Nullable GatewayPeer gateway, byte[] buffer, int offset, int length, int segmentSize, long now) {
        IpPacket.Status status = packet.wrap(buffer, offset, length, segmentSize);
        ledger.receive(packet.segments());
        if (gateway == null) {
            ledger.drop(DropReason.UNKNOWN_PEER, packet.segments());
            return;
        }
        switch (status) {
            case VALID -> pass(gateway, now);
            case FIRST_FRAGMENT, FRAGMENT -> fragments.pass(() -> pass(gateway, now), now);
            case MALFORMED, SOURCE_ROUTED -> ledger.drop(status.dropReason());
        }
    }

    /** Gives up parts that have waited for too long. */
    void handleTimeout(long now) {
        fragments.handleTimeout(now);
    }

    long nextTimeout() {
        return fragments.nextTimeout();
    }

    private void pass(GatewayPeer gateway, long now) {
        if (tunnel == null || !packet.isTo(tunnel.ipv4()) && !packet.isTo(tunnel.ipv6())) {
            ledger.drop(DropReason.WRONG_DESTINATION, packet.segments());
            return;
        }
        ClientResource refused = refusedResource(tunnel, gateway);
        if (refused == null && !(isFromGranted(gateway, now) && flows.answers(packet, now))) {
            ledger.drop(DropReason.UNSOLICITED, packet.segments());
            return;
        }
        if (refused != null && packet.isIcmpProhibited() && !quoted.isFragment()) {
            refusals.refused(refused, quoted, now);
        }
        if (tun.accept(packet.buffer(), packet.offset(), packet.totalLength(), packet.segmentSize())) {
            ledger.deliver(packet.segments());
        } else {
            ledger.drop(DropReason.WRITE_FAILED, packet.segments());
        }
    }

    /** The resource, granted by this gateway, to which an ICMP error says that a packet of ours could not get. */
    private @Nullable ClientResource refusedResource(TunnelSettings own, GatewayPeer gateway) {
        if (packet.embedded(quoted) != IpPacket.Status.VALID
                || !quoted.isFrom(own.ipv4()) && !quoted.isFrom(own.ipv6())) {
            return null;
        }
        ClientResource resource = resources.destination(quoted);
        return resource != null && resource.gateway() == gateway ? resource : null;
    }

    private boolean isFromGranted(GatewayPeer gateway, long now) {
        if (gateway.isSourceOf(packet)) {
            return true;
        }
        ClientResource resource = resources.source(packet);
        if (resource == null || resource.gateway() != gateway) {
            return false;
        }
        resource.used(now);
        Reauthorization reauthorization = resource.reauthorization();
        if (reauthorization != null) {
            reauthorization.received(packet);
        }
        return true;
    }
}
