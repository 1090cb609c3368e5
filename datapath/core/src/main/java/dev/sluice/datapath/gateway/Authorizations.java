package dev.sluice.datapath.gateway;

import dev.sluice.channel.AccessAuthorizationExpiryUpdated;
import dev.sluice.channel.AuthorizeFlow;
import dev.sluice.channel.FlowAuthorized;
import dev.sluice.channel.Frame;
import dev.sluice.channel.GatewayInit;
import dev.sluice.channel.GatewayToPortal;
import dev.sluice.channel.GrantDigest;
import dev.sluice.channel.RejectAccess;
import dev.sluice.channel.Resource;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.channel.SnapshotRequest;
import dev.sluice.datapath.connectivity.Connection;
import dev.sluice.datapath.connectivity.Connections;
import dev.sluice.datapath.connectivity.IceCredentials;
import dev.sluice.datapath.policy.Grant;
import dev.sluice.datapath.policy.GrantTable;
import dev.sluice.datapath.policy.Networks;
import dev.sluice.datapath.policy.PacketFilter;
import dev.sluice.datapath.portal.PortalClock;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPrefix;
import dev.sluice.datapath.wireguard.PresharedKey;
import dev.sluice.datapath.wireguard.PublicKey;
import java.lang.System.Logger;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the portal says about grants. A client whose last grant ended is left with a goodbye.
 *
 * <p>A grant begins with {@code authorize_flow} and with nothing else: the snapshot ends what it does not list, and
 * creates nothing.
 */
final class Authorizations {
    private static final Logger LOGGER = System.getLogger(Authorizations.class.getName());

    private final ClientPeers clients;
    private final Connections connections;
    private final PortalClock portalClock;
    private final Consumer<GatewayToPortal> answers;
    private final ToldGrants told = new ToldGrants();
    private long ignored;
    private long digests;
    private long drifts;

    Authorizations(
            ClientPeers clients, Connections connections, PortalClock portalClock, Consumer<GatewayToPortal> answers) {
        this.clients = clients;
        this.connections = connections;
        this.portalClock = portalClock;
        this.answers = answers;
    }

    /** Messages that were stale, unreadable or about nothing known. */
    long ignored() {
        return ignored;
    }

    /** How often the portal summed up what it had said. */
    long digests() {
        return digests;
    }

    /** How often what the portal had said was not what it meant. */
    long drifts() {
        return drifts;
    }

    /** Holds what the portal said against what it meant, and asks for all of it when they are not the same. */
    void compare(GrantDigest digest) {
        digests++;
        if (!told.digest(digest.after()).equals(digest)) {
            drifts++;
            LOGGER.log(
                    Logger.Level.WARNING,
                    "The portal has told other grants than it holds: it is asked for all of them");
            answers.accept(new SnapshotRequest(Frame.DRIFT));
        }
    }

    /** The portal counts generations anew. */
    void forgetGenerations() {
        clients.all().forEach(client -> client.grants().forgetGenerations());
    }

    void authorize(AuthorizeFlow flow, @Nullable SluiceExtra extra, long now) {
        Grant grant;
        IpAddress ipv4;
        IpAddress ipv6;
        PublicKey key;
        PresharedKey presharedKey;
        IceCredentials local;
        IceCredentials remote;
        try {
            grant = grant(flow, extra, now);
            ipv4 = IpAddress.parse(flow.client().ipv4());
            ipv6 = IpAddress.parse(flow.client().ipv6());
            key = PublicKey.parse(flow.client().publicKey());
            presharedKey = PresharedKey.parse(flow.client().presharedKey().value());
            local = credentials(flow.gatewayIce());
            remote = credentials(flow.clientIce());
        } catch (IllegalArgumentException e) {
            told.put(flow.client().id(), flow.resource().id(), flow.expiresAt());
            ignored++;
            return;
        }
        ClientPeer client = clients.upsert(grant.client(), ipv4, ipv6);
        if (!client.grants().put(grant)) {
            ignored++;
            return;
        }
        told.put(flow.client().id(), flow.resource().id(), flow.expiresAt());
        LOGGER.log(Logger.Level.DEBUG, "Client {0} may reach resource {1}", grant.client(), grant.resource());
        // The answer goes before the candidates that the connection is about to signal.
        answers.accept(new FlowAuthorized(flow.ref()));
        client.connection(connections.upsert(grant.client(), key, presharedKey, local, remote, now));
    }

    void reject(RejectAccess rejected, @Nullable SluiceExtra extra, long now) {
        ClientPeer client = clients.get(rejected.clientId());
        long generation = extra == null || extra.generation() == null ? GrantTable.ANY_GENERATION : extra.generation();
        if (client == null || client.grants().remove(rejected.resourceId(), generation) == null) {
            ignored++;
        } else {
            String why = extra == null || extra.detail() == null
                    ? "no reason given"
                    : extra.detail().reason().code();
            LOGGER.log(
                    Logger.Level.INFO,
                    "Access of client {0} to resource {1} ended: {2}",
                    client.id(),
                    rejected.resourceId(),
                    why);
            leaveIfEmpty(client, now);
        }
        if (client == null || client.grants().grant(rejected.resourceId()) == null) {
            told.remove(rejected.clientId(), rejected.resourceId());
        }
    }

    /** The portal's snapshot: what is absent is revoked, what is there takes the expiry it has there. */
    void retain(List<GatewayInit.Authorization> snapshot, long now) {
        told.replaceAll(snapshot);
        Map<UUID, Map<UUID, Instant>> live = new HashMap<>();
        for (GatewayInit.Authorization authorization : snapshot) {
            live.computeIfAbsent(authorization.clientId(), client -> new HashMap<>())
                    .put(authorization.resourceId(), authorization.expiresAt());
        }
        for (ClientPeer client : clients.all()) {
            Map<UUID, Instant> expiries = live.getOrDefault(client.id(), Map.of());
            boolean ended = !client.grants().retainAll(expiries.keySet()).isEmpty();
            expiries.forEach((resource, expiresAt) -> {
                Grant grant = client.grants().grant(resource);
                if (grant != null) {
                    client.grants().put(until(grant, expiresAt, now));
                }
            });
            if (ended) {
                leaveIfEmpty(client, now);
            }
        }
    }

    void expiryUpdated(AccessAuthorizationExpiryUpdated updated, @Nullable SluiceExtra extra, long now) {
        ClientPeer client = clients.get(updated.clientId());
        Grant grant = client == null ? null : client.grants().grant(updated.resourceId());
        boolean stale =
                extra != null && extra.generation() != null && grant != null && extra.generation() < grant.generation();
        if (client == null || grant == null || stale) {
            ignored++;
        } else {
            client.grants().put(until(grant, updated.expiresAt(), now));
        }
        if (!stale) {
            told.until(updated.clientId(), updated.resourceId(), updated.expiresAt());
        }
    }

    /** Filters changed, for all who hold a grant. */
    void resourceUpdated(Resource resource, long now) {
        List<IpPrefix> networks = Networks.of(resource);
        if (networks.isEmpty()) {
            resourceUnreadable(resource.id(), now);
            return;
        }
        PacketFilter filter = PacketFilter.compile(resource.filters());
        for (ClientPeer client : clients.all()) {
            Grant grant = client.grants().grant(resource.id());
            if (grant != null) {
                client.grants().put(grant.withResource(networks, filter));
            }
        }
    }

    /** Nobody can tell what of it is still allowed: nothing is, until a client asks again. */
    void resourceUnreadable(UUID resource, long now) {
        ignored++;
        for (ClientPeer client : clients.all()) {
            if (client.grants().remove(resource, GrantTable.ANY_GENERATION) != null) {
                LOGGER.log(
                        Logger.Level.WARNING,
                        "Access of client {0} to resource {1} ended: the resource cannot be read",
                        client.id(),
                        resource);
                leaveIfEmpty(client, now);
            }
        }
    }

    void removeExpired(long now) {
        for (ClientPeer client : clients.all()) {
            if (!client.grants().removeExpired(now).isEmpty()) {
                leaveIfEmpty(client, now);
            }
        }
        clients.removeForgotten(now);
        told.removeExpired(portalClock, now);
    }

    /** The connection is gone; after a goodbye so are the client's grants. */
    void disconnected(Connection connection, boolean goodbye, long now) {
        ClientPeer client = clients.get(connection.peer());
        if (client == null || client.connection() != connection) {
            return;
        }
        client.connection(null);
        if (goodbye) {
            client.grants().retainAll(Set.of());
            client.emptied(now);
        }
    }

    /** Ends all grants and says goodbye to all clients. */
    void endAll(long now) {
        for (ClientPeer client : clients.all()) {
            client.grants().retainAll(Set.of());
            leaveIfEmpty(client, now);
        }
    }

    private void leaveIfEmpty(ClientPeer client, long now) {
        if (!client.grants().isEmpty()) {
            return;
        }
        client.emptied(now);
        Connection connection = client.connection();
        if (connection != null) {
            client.connection(null);
            connections.close(connection, now);
        }
    }

    private Grant until(Grant grant, @Nullable Instant expiresAt, long now) {
        long millis = Grant.expiry(expiresAt);
        return grant.withExpiry(millis, portalClock.deadline(millis, now));
    }

    private Grant grant(AuthorizeFlow flow, @Nullable SluiceExtra extra, long now) {
        List<IpPrefix> networks = Networks.of(flow.resource());
        if (networks.isEmpty()) {
            throw new IllegalArgumentException("only resources with addresses are served");
        }
        long expiresAt = Grant.expiry(flow.expiresAt());
        return new Grant(
                flow.client().id(),
                flow.resource().id(),
                networks,
                PacketFilter.compile(flow.resource().filters()),
                expiresAt,
                portalClock.deadline(expiresAt, now),
                extra == null || extra.generation() == null ? Grant.NO_GENERATION : extra.generation());
    }

    private static IceCredentials credentials(dev.sluice.channel.IceCredentials ice) {
        return new IceCredentials(ice.username(), ice.password().value());
    }
}
