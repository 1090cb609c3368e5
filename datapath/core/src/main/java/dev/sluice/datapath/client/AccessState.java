package dev.sluice.datapath.client;

import dev.sluice.channel.Detail;
import dev.sluice.channel.FlowCreated;
import dev.sluice.channel.FlowCreationFailed;
import dev.sluice.channel.Reason;
import dev.sluice.channel.Resource;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.datapath.connectivity.Connection;
import dev.sluice.datapath.connectivity.Connections;
import dev.sluice.datapath.connectivity.IceCredentials;
import dev.sluice.datapath.policy.Networks;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wireguard.PresharedKey;
import dev.sluice.datapath.wireguard.PublicKey;
import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the portal says about access: which resources there are, and which gateway granted them. A gateway that grants
 * nothing any more is left with a goodbye.
 */
final class AccessState {
    private static final Logger LOGGER = System.getLogger(AccessState.class.getName());

    private final ResourceTable resources;
    private final GatewayPeers gateways;
    private final PendingFlows pending;
    private final Connections connections;
    private final Generations generations = new Generations();
    private final RecentGateways recent = new RecentGateways();
    private final Map<UUID, Resource> unsupported = new LinkedHashMap<>();
    private long ignored;

    AccessState(ResourceTable resources, GatewayPeers gateways, PendingFlows pending, Connections connections) {
        this.resources = resources;
        this.gateways = gateways;
        this.pending = pending;
        this.connections = connections;
    }

    /** The portal counts generations anew. */
    void forgetGenerations() {
        generations.forget();
    }

    /** Messages that were stale, unreadable or about nothing known. */
    long ignored() {
        return ignored;
    }

    /** Resources of kinds that this client cannot reach. */
    List<Resource> unsupported() {
        return List.copyOf(unsupported.values());
    }

    RecentGateways recent() {
        return recent;
    }

    /** The portal's snapshot: what is absent is revoked, what is there stays uninterrupted. */
    void replaceAll(List<Resource> snapshot, long now) {
        Set<UUID> present = new LinkedHashSet<>();
        snapshot.forEach(resource -> present.add(resource.id()));
        List<ClientResource> absent = new ArrayList<>();
        for (ClientResource resource : resources.all()) {
            if (!present.contains(resource.resource())) {
                absent.add(resource);
            }
        }
        absent.forEach(resource -> end(resource, Detail.of(Reason.NO_POLICY), now));
        unsupported.keySet().retainAll(present);
        List<ClientResource> replaced = new ArrayList<>(absent);
        List<ClientResource> added = new ArrayList<>();
        snapshot.forEach(resource -> update(resource, replaced, added, now));
        resources.replace(replaced, added);
    }

    void createdOrUpdated(Resource resource, @Nullable SluiceExtra extra, long now) {
        if (generations.isStale(resource.id(), extra)) {
            ignored++;
            return;
        }
        List<ClientResource> replaced = new ArrayList<>();
        List<ClientResource> added = new ArrayList<>();
        update(resource, replaced, added, now);
        resources.replace(replaced, added);
    }

    void deleted(UUID id, @Nullable SluiceExtra extra, long now) {
        generations.deleted(id, extra);
        unsupported.remove(id);
        ClientResource resource = resources.get(id);
        if (resource == null) {
            return;
        }
        Detail why = extra == null || extra.detail() == null ? Detail.of(Reason.RESOURCE_DELETED) : extra.detail();
        end(resource, why, now);
        resources.replace(List.of(resource), List.of());
    }

    void flowCreated(FlowCreated flow, @Nullable SluiceExtra extra, long now) {
        ClientResource resource = resources.get(flow.resourceId());
        if (resource == null || generations.isStale(flow.resourceId(), extra)) {
            ignored++;
            return;
        }
        GatewayPeer gateway;
        try {
            IpAddress ipv4 = IpAddress.parse(flow.gatewayIpv4());
            IpAddress ipv6 = IpAddress.parse(flow.gatewayIpv6());
            gateway = gateways.upsert(flow.gatewayId(), ipv4, ipv6, connect(flow, now));
        } catch (IllegalArgumentException e) {
            ignored++;
            return;
        }
        LOGGER.log(Logger.Level.DEBUG, "Gateway {0} serves resource {1}", flow.gatewayId(), flow.resourceId());
        recent.add(flow.gatewayId());
        if (resource.gateway() != gateway) {
            leave(resource, now);
            gateways.map(resource, gateway);
        }
        Reauthorization reauthorization = resource.reauthorization();
        if (reauthorization != null) {
            reauthorization.granted(now);
        }
        pending.granted(resource, now);
    }

    void flowCreationFailed(FlowCreationFailed failed, @Nullable SluiceExtra extra, long now) {
        ClientResource resource = resources.get(failed.resourceId());
        if (resource == null) {
            ignored++;
            return;
        }
        Detail why = Denial.detail(failed, extra);
        if (why.reason().effect() == Reason.Effect.UNREACHABLE) {
            pending.undecided(resource, why, now);
        } else {
            pending.refused(resource, why);
            leave(resource, now);
        }
    }

    /** The connection is gone: the next packet asks again. Returns the resources that it served. */
    List<ClientResource> disconnected(Connection connection) {
        GatewayPeer gateway = gateways.get(connection.peer());
        return gateway != null && gateway.connection() == connection ? gateways.remove(gateway) : List.of();
    }

    /** Nothing is granted any more, and everything refused with this reason; the resources stay. */
    void endAll(Detail why, long now) {
        resources.all().forEach(resource -> pending.ended(resource, why));
        closeAll(now);
    }

    /** Says goodbye to all gateways. */
    void closeAll(long now) {
        for (GatewayPeer gateway : new ArrayList<>(gateways.all())) {
            gateways.remove(gateway);
            connections.close(gateway.connection(), now);
        }
    }

    private void update(Resource changed, List<ClientResource> replaced, List<ClientResource> added, long now) {
        ClientResource known = resources.get(changed.id());
        if (!(changed instanceof Resource.Cidr cidr) || Networks.of(changed).isEmpty()) {
            unsupported.put(changed.id(), changed);
            replace(known, replaced, now);
            return;
        }
        unsupported.remove(changed.id());
        ClientResource resource = new ClientResource(cidr);
        if (known != null && known.isReachedLike(resource)) {
            known.describe(cidr);
        } else {
            replace(known, replaced, now);
            added.add(resource);
        }
    }

    private void replace(@Nullable ClientResource known, List<ClientResource> replaced, long now) {
        if (known != null) {
            end(known, Detail.of(Reason.RESOURCE_CHANGED), now);
            replaced.add(known);
        }
    }

    private void end(ClientResource resource, Detail why, long now) {
        pending.ended(resource, why);
        leave(resource, now);
    }

    private void leave(ClientResource resource, long now) {
        GatewayPeer emptied = gateways.unmap(resource);
        if (emptied != null) {
            gateways.remove(emptied);
            connections.close(emptied.connection(), now);
        }
    }

    private Connection connect(FlowCreated flow, long now) {
        return connections.upsert(
                flow.gatewayId(),
                PublicKey.parse(flow.gatewayPublicKey()),
                PresharedKey.parse(flow.presharedKey().value()),
                credentials(flow.clientIce()),
                credentials(flow.gatewayIce()),
                now);
    }

    private static IceCredentials credentials(dev.sluice.channel.IceCredentials ice) {
        return new IceCredentials(ice.username(), ice.password().value());
    }
}
