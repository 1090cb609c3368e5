package dev.sluice.datapath.client;

import dev.sluice.datapath.connectivity.Connection;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPacket;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;

/** A gateway that granted something to this client, and the connection to it. */
final class GatewayPeer {
    private final UUID id;
    private final IpAddress ipv4;
    private final IpAddress ipv6;
    private final Set<ClientResource> resources = new LinkedHashSet<>();
    private Connection connection;

    GatewayPeer(UUID id, IpAddress ipv4, IpAddress ipv6, Connection connection) {
        this.id = id;
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
        this.connection = connection;
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

    Connection connection() {
        return connection;
    }

    void connection(Connection other) {
        connection = other;
    }

    /** The resources that it granted. */
    Set<ClientResource> resources() {
        return resources;
    }

    /** Whether the packet comes from the gateway's own address in the tunnel. */
    boolean isSourceOf(IpPacket packet) {
        return packet.isFrom(ipv4) || packet.isFrom(ipv6);
    }
}
