package dev.sluice.datapath.gateway;

import dev.sluice.datapath.policy.FlowTable;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.IpPrefix;
import dev.sluice.datapath.wire.PrefixTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The clients of this gateway, found by id and by their addresses in the tunnel. */
final class ClientPeers {
    /** How long a client without grants is remembered: no message is on its way for longer. */
    static final long MEMORY = Duration.ofMinutes(10).toNanos();

    /** Of flows, for all clients together: 40 MB. */
    private static final long FLOWS = 1 << 20;

    private final FlowTable.Budget flows = new FlowTable.Budget(FLOWS);
    private final Map<UUID, ClientPeer> byId = new LinkedHashMap<>();
    private final PrefixTable<ClientPeer> byAddress = new PrefixTable<>();

    @Nullable ClientPeer get(UUID id) {
        return byId.get(id);
    }

    /** A copy. */
    List<ClientPeer> all() {
        return new ArrayList<>(byId.values());
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    /** The client that a packet is for. */
    @Nullable ClientPeer destination(IpPacket packet) {
        return byAddress.lookupDestination(packet);
    }

    /** The client with these addresses; who had them before loses them. */
    ClientPeer upsert(UUID id, IpAddress ipv4, IpAddress ipv6) {
        ClientPeer known = byId.get(id);
        if (known != null && known.hasAddresses(ipv4, ipv6)) {
            return known;
        }
        if (known != null) {
            remove(known);
        }
        ClientPeer peer =
                known == null ? new ClientPeer(id, ipv4, ipv6, new FlowTable(flows)) : known.withAddresses(ipv4, ipv6);
        byId.put(id, peer);
        byAddress.put(IpPrefix.host(ipv4), peer);
        byAddress.put(IpPrefix.host(ipv6), peer);
        return peer;
    }

    void removeForgotten(long now) {
        for (ClientPeer peer : all()) {
            if (peer.grants().isEmpty() && now - peer.emptySince() > MEMORY) {
                remove(peer);
                peer.flows().release();
            }
        }
    }

    private void remove(ClientPeer peer) {
        byId.remove(peer.id());
        removeAddress(peer.ipv4(), peer);
        removeAddress(peer.ipv6(), peer);
    }

    private void removeAddress(IpAddress address, ClientPeer peer) {
        IpPrefix host = IpPrefix.host(address);
        if (byAddress.get(host) == peer) {
            byAddress.remove(host);
        }
    }
}
