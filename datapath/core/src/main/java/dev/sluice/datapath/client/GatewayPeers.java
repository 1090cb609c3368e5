package dev.sluice.datapath.client;

import dev.sluice.datapath.connectivity.Connection;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.IpPrefix;
import dev.sluice.datapath.wire.PrefixTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which gateway granted which resource. Every resource that has a gateway is in that gateway's set, and the reverse. */
final class GatewayPeers {
    private final Map<UUID, GatewayPeer> byId = new LinkedHashMap<>();
    private final PrefixTable<GatewayPeer> byAddress = new PrefixTable<>();

    @Nullable GatewayPeer get(UUID id) {
        return byId.get(id);
    }

    Collection<GatewayPeer> all() {
        return Collections.unmodifiableCollection(byId.values());
    }

    /** The gateway whose own address in the tunnel the packet is for. */
    @Nullable GatewayPeer destination(IpPacket packet) {
        return byAddress.lookupDestination(packet);
    }

    /** The gateway with this connection and these addresses, which keeps what it granted. */
    GatewayPeer upsert(UUID id, IpAddress ipv4, IpAddress ipv6, Connection connection) {
        GatewayPeer known = byId.get(id);
        if (known != null && known.hasAddresses(ipv4, ipv6)) {
            known.connection(connection);
            return known;
        }
        GatewayPeer peer = new GatewayPeer(id, ipv4, ipv6, connection);
        if (known != null) {
            for (ClientResource resource : remove(known)) {
                map(resource, peer);
            }
        }
        byId.put(id, peer);
        byAddress.put(IpPrefix.host(ipv4), peer);
        byAddress.put(IpPrefix.host(ipv6), peer);
        return peer;
    }

    void map(ClientResource resource, GatewayPeer peer) {
        resource.gateway(peer);
        peer.resources().add(resource);
    }

    /** The resource has no gateway any more. Returns the gateway that served it, if it serves none now. */
    @Nullable GatewayPeer unmap(ClientResource resource) {
        GatewayPeer peer = resource.gateway();
        if (peer == null) {
            return null;
        }
        resource.gateway(null);
        peer.resources().remove(resource);
        return peer.resources().isEmpty() ? peer : null;
    }

    /** Forgets a gateway. Returns the resources that have none now. */
    List<ClientResource> remove(GatewayPeer peer) {
        byId.remove(peer.id());
        removeAddress(peer.ipv4(), peer);
        removeAddress(peer.ipv6(), peer);
        List<ClientResource> orphans = new ArrayList<>(peer.resources());
        orphans.forEach(this::unmap);
        return orphans;
    }

    private void removeAddress(IpAddress address, GatewayPeer peer) {
        IpPrefix host = IpPrefix.host(address);
        if (byAddress.get(host) == peer) {
            byAddress.remove(host);
        }
    }
}
