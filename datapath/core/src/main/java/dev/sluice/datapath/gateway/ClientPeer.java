package dev.sluice.datapath.gateway;

import dev.sluice.datapath.connectivity.Connection;
import dev.sluice.datapath.policy.FlowTable;
import dev.sluice.datapath.policy.GrantTable;
import dev.sluice.datapath.policy.IcmpRateLimit;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPacket;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A client that was granted something here. It outlives its connection: the client comes back and its grants are still
 * there. It outlives its grants too, for a while, so that a late message cannot bring one back that has ended.
 */
final class ClientPeer {
    private final UUID id;
    private final IpAddress ipv4;
    private final IpAddress ipv6;
    private final GrantTable grants;
    private final FlowTable flows;
    private final IcmpRateLimit errors;
    private @Nullable Connection connection;
    private long emptySince;

    ClientPeer(UUID id, IpAddress ipv4, IpAddress ipv6, FlowTable flows) {
        this(id, ipv4, ipv6, new GrantTable(), flows, new IcmpRateLimit());
    }

    private ClientPeer(
            UUID id, IpAddress ipv4, IpAddress ipv6, GrantTable grants, FlowTable flows, IcmpRateLimit errors) {
        this.id = id;
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
        this.grants = grants;
        this.flows = flows;
        this.errors = errors;
    }

    /** The same client with other addresses in the tunnel. */
    ClientPeer withAddresses(IpAddress newIpv4, IpAddress newIpv6) {
        ClientPeer moved = new ClientPeer(id, newIpv4, newIpv6, grants, flows, errors);
        moved.connection = connection;
        moved.emptySince = emptySince;
        return moved;
    }

    UUID id() {
        return id;
    }

    IpAddress ipv4() {
        return ipv4;
    }

    IpAddress ipv6() {
        return ipv6;
    }

    boolean hasAddresses(IpAddress otherIpv4, IpAddress otherIpv6) {
        return ipv4.equals(otherIpv4) && ipv6.equals(otherIpv6);
    }

    boolean isSourceOf(IpPacket packet) {
        return packet.isFrom(ipv4) || packet.isFrom(ipv6);
    }

    GrantTable grants() {
        return grants;
    }

    /** What it has sent, and may be answered. */
    FlowTable flows() {
        return flows;
    }

    /** Bounds the ICMP errors that it is sent. */
    IcmpRateLimit errors() {
        return errors;
    }

    /** Null while there is none. */
    @Nullable Connection connection() {
        return connection;
    }

    void connection(@Nullable Connection current) {
        connection = current;
    }

    /** Since when it has no grant; meaningful while it has none. */
    long emptySince() {
        return emptySince;
    }

    void emptied(long now) {
        emptySince = now;
    }
}
