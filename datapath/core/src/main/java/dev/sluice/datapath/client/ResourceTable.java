package dev.sluice.datapath.client;

import dev.sluice.datapath.policy.Direction;
import dev.sluice.datapath.policy.RuleTable;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.IpPrefix;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The resources that the portal lets this client ask for, found by id and by address. */
final class ResourceTable {
    private static final long ANY_TIME = 0;

    private final Map<UUID, ClientResource> byId = new LinkedHashMap<>();
    private final RuleTable<ClientResource> rules = new RuleTable<>();

    @Nullable ClientResource get(UUID id) {
        return byId.get(id);
    }

    Collection<ClientResource> all() {
        return Collections.unmodifiableCollection(byId.values());
    }

    /** Takes out and puts in, in this order. */
    void replace(Collection<ClientResource> removed, Collection<ClientResource> added) {
        if (removed.isEmpty() && added.isEmpty()) {
            return;
        }
        removed.forEach(resource -> byId.remove(resource.resource()));
        added.forEach(resource -> byId.put(resource.resource(), resource));
        rules.replaceAll(byId.values());
    }

    /** The networks of all resources, each once, in order. */
    List<IpPrefix> networks() {
        TreeSet<IpPrefix> networks = new TreeSet<>();
        byId.values().forEach(resource -> networks.addAll(resource.networks()));
        return List.copyOf(networks);
    }

    /** The resource that a packet of ours is for, which may yet not permit it; null if there is none. */
    @Nullable ClientResource destination(IpPacket packet) {
        return rules.select(packet, Direction.OUTBOUND, ANY_TIME);
    }

    /** The resource that a packet for us comes from; null if there is none. */
    @Nullable ClientResource source(IpPacket packet) {
        return rules.select(packet, Direction.INBOUND, ANY_TIME);
    }
}
