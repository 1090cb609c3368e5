package dev.sluice.datapath.gateway;

import dev.sluice.channel.AccessAuthorizationExpiryUpdated;
import dev.sluice.channel.AuthorizeFlow;
import dev.sluice.channel.BroadcastIceCandidates;
import dev.sluice.channel.BroadcastInvalidatedIceCandidates;
import dev.sluice.channel.Detail;
import dev.sluice.channel.GatewayInit;
import dev.sluice.channel.GatewayToPortal;
import dev.sluice.channel.GrantDigest;
import dev.sluice.channel.IceCandidates;
import dev.sluice.channel.InvalidateIceCandidates;
import dev.sluice.channel.PortalToGateway;
import dev.sluice.channel.Reason;
import dev.sluice.channel.RejectAccess;
import dev.sluice.channel.RelaysPresence;
import dev.sluice.channel.ResourceUnreadable;
import dev.sluice.channel.ResourceUpdated;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.datapath.connectivity.Connection;
import dev.sluice.datapath.connectivity.ConnectionStatus;
import dev.sluice.datapath.connectivity.Connections;
import dev.sluice.datapath.connectivity.Failure;
import dev.sluice.datapath.connectivity.Role;
import dev.sluice.datapath.portal.DeviceCore;
import dev.sluice.datapath.portal.PortalClock;
import dev.sluice.datapath.portal.PortalDown;
import dev.sluice.datapath.portal.TunnelSettings;
import dev.sluice.datapath.wire.Coalescing;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.IpPrefix;
import dev.sluice.datapath.wire.PacketLedger;
import dev.sluice.datapath.wireguard.KeyPair;
import dev.sluice.datapath.wireguard.Timing;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A gateway between its clients, the resources behind its TUN device and the portal: carries what the grants it holds
 * permit, and refuses everything else with an ICMP error that makes the client ask again.
 *
 * <p>The channel to the portal may come and go: grants last until their expiry, which is looked at with every packet.
 * A refused token and a disabled account end all of them, and so does a portal that has been away for too long: what it may
 * have revoked since, nobody has heard.
 */
public final class Gateway implements DeviceCore<PortalToGateway, GatewayToPortal> {
    /** How soon a client is told that its last grant expired; packets are held to the instant itself. */
    private static final long SWEEP_INTERVAL = Duration.ofSeconds(1).toNanos();

    private static final System.Logger LOG = System.getLogger(Gateway.class.getName());

    private final Output<GatewayToPortal> output;
    private final PacketLedger ledger = new PacketLedger();
    private final ClientPeers clients = new ClientPeers();
    private final Connections connections;
    private final ForwardPath path;
    private final Authorizations authorizations;
    private final long maxPartition;

    private long now;
    private long nextSweep = Long.MAX_VALUE;
    private boolean portalUp;
    private long failsClosedAt = Long.MAX_VALUE;
    private long partitions;
    private @Nullable TunnelSettings tunnel;
    private @Nullable Detail signedOut;
    private boolean closed;

    /**
     * A gateway that knows nobody yet.
     *
     * @param clock the host's wall clock, for the timestamps of handshakes
     * @param portalClock by which grants end
     * @param maxPartition for how long grants outlive the channel to the portal
     */
    public Gateway(
            KeyPair keys,
            Timing timing,
            RandomGenerator random,
            InstantSource clock,
            PortalClock portalClock,
            Duration maxPartition,
            Output<GatewayToPortal> output) {
        this.output = output;
        this.maxPartition = maxPartition.toNanos();
        this.connections = new Connections(keys, Role.CONTROLLED, timing, random, clock, new FromConnections());
        this.path = new ForwardPath(clients, connections, new Refusals(connections, ledger), ledger, output::toTun);
        this.authorizations = new Authorizations(clients, connections, portalClock, output::toPortal);
    }

    @Override
    public void setLocalEndpoints(Collection<Endpoint> endpoints, long now) {
        this.now = now;
        connections.setLocalEndpoints(endpoints, now);
    }

    @Override
    public void coalesce(Coalescing what) {
        connections.coalesce(what);
    }

    @Override
    public void handleTun(byte[] buffer, int offset, int length, int segmentSize, long now) {
        this.now = now;
        path.fromTun(buffer, offset, length, segmentSize, now);
    }

    @Override
    public void handleDatagram(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length, long now) {
        this.now = now;
        connections.handleDatagram(local, remote, buffer, offset, length, now);
    }

    @Override
    public void endBatch(long now) {
        this.now = now;
        connections.endBatch();
    }

    @Override
    public void handlePortal(PortalToGateway message, @Nullable SluiceExtra extra, long now) {
        if (closed) {
            return;
        }
        this.now = now;
        switch (message) {
            case GatewayInit init -> {
                configure(init);
                authorizations.retain(init.authorizations(), now);
            }
            case AuthorizeFlow flow -> {
                authorizations.authorize(flow, extra, now);
                nextSweep = Math.min(nextSweep, now + SWEEP_INTERVAL);
            }
            case GrantDigest digest -> authorizations.compare(digest);
            case RejectAccess rejected -> authorizations.reject(rejected, extra, now);
            case AccessAuthorizationExpiryUpdated updated -> authorizations.expiryUpdated(updated, extra, now);
            case ResourceUpdated updated -> authorizations.resourceUpdated(updated.resource(), now);
            case ResourceUnreadable unreadable -> authorizations.resourceUnreadable(unreadable.resourceId(), now);
            case IceCandidates candidates ->
                candidates
                        .candidates()
                        .forEach(candidate -> connections.addRemoteCandidate(candidates.peerId(), candidate, now));
            case InvalidateIceCandidates candidates ->
                candidates
                        .candidates()
                        .forEach(candidate -> connections.removeRemoteCandidate(candidates.peerId(), candidate, now));
            case RelaysPresence ignored -> {
                // Relays are not used yet: what the portal says of them changes nothing.
            }
        }
    }

    @Override
    public void handleNewEpoch() {
        authorizations.forgetGenerations();
    }

    @Override
    public void handlePortalUp(long now) {
        this.now = now;
        signedOut = null;
        failsClosedAt = Long.MAX_VALUE;
        portalUp = true;
        connections.resignal(now);
    }

    @Override
    public void handlePortalDown(PortalDown why, long now) {
        this.now = now;
        if (portalUp) {
            portalUp = false;
            failsClosedAt = now + maxPartition;
        }
        if (why.signedOut()) {
            signedOut = why.detail() == null ? Detail.of(Reason.TOKEN_INVALID) : why.detail();
        }
        if (why.signedOut() || why.suspended()) {
            authorizations.endAll(now);
        }
    }

    @Override
    public void handleTimeout(long now) {
        this.now = now;
        connections.handleTimeout(now);
        path.handleTimeout(now);
        if (now >= failsClosedAt) {
            failClosed();
        }
        if (now >= nextSweep) {
            authorizations.removeExpired(now);
            nextSweep = clients.isEmpty() ? Long.MAX_VALUE : now + SWEEP_INTERVAL;
        }
    }

    @Override
    public long nextTimeout() {
        return Math.min(Math.min(connections.nextTimeout(), path.nextTimeout()), Math.min(nextSweep, failsClosedAt));
    }

    @Override
    public void close(long now) {
        this.now = now;
        closed = true;
        authorizations.endAll(now);
    }

    /** What passed of each resource that somebody has a grant for. */
    public List<GatewayStatus.TrafficStatus> traffic() {
        Set<UUID> granted = new HashSet<>();
        for (ClientPeer client : clients.all()) {
            client.grants().grants().forEach(grant -> granted.add(grant.resource()));
        }
        return path.traffic(granted);
    }

    public GatewayStatus status() {
        List<GatewayStatus.ClientStatus> known = new ArrayList<>();
        long suppressed = 0;
        for (ClientPeer client : clients.all()) {
            suppressed += client.errors().suppressed();
            if (!client.grants().isEmpty()) {
                known.add(new GatewayStatus.ClientStatus(
                        client.id(),
                        client.ipv4().toString(),
                        client.ipv6().toString(),
                        client.connection() != null,
                        List.copyOf(client.grants().grants())));
            }
        }
        return new GatewayStatus(
                state(),
                signedOut,
                tunnel,
                known,
                ConnectionStatus.of(connections.connections()),
                traffic(),
                ledger.counts(),
                connections.ledger().counts(),
                suppressed,
                authorizations.ignored(),
                authorizations.digests(),
                authorizations.drifts(),
                partitions);
    }

    private void failClosed() {
        failsClosedAt = Long.MAX_VALUE;
        partitions++;
        LOG.log(
                System.Logger.Level.WARNING,
                "the portal has been away for " + Duration.ofNanos(maxPartition).toSeconds() + " s"
                        + ": all access ends here until it is back");
        authorizations.endAll(now);
    }

    private GatewayStatus.State state() {
        if (closed) {
            return GatewayStatus.State.CLOSED;
        }
        if (signedOut != null) {
            return GatewayStatus.State.SIGNED_OUT;
        }
        return tunnel == null ? GatewayStatus.State.STARTING : GatewayStatus.State.RUNNING;
    }

    private void configure(GatewayInit init) {
        List<IpPrefix> routes = List.of(TunnelSettings.TUNNEL_IPV4, TunnelSettings.TUNNEL_IPV6);
        TunnelSettings settings =
                TunnelSettings.parse(init.ipv4(), init.ipv6(), routes).orElse(tunnel);
        if (settings == null) {
            return;
        }
        path.tunnel(settings);
        if (!settings.equals(tunnel)) {
            tunnel = settings;
            output.configure(settings);
        }
    }

    private final class FromConnections implements Connections.Output {
        @Override
        public void transmit(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length) {
            output.transmit(local, remote, buffer, offset, length);
        }

        @Override
        public void deliver(Connection from, byte[] buffer, int offset, int length, int segmentSize) {
            path.fromClient(clients.get(from.peer()), buffer, offset, length, segmentSize, now);
        }

        @Override
        public void signal(UUID peer, List<String> added, List<String> removed) {
            if (!added.isEmpty()) {
                output.toPortal(new BroadcastIceCandidates(List.of(peer), added));
            }
            if (!removed.isEmpty()) {
                output.toPortal(new BroadcastInvalidatedIceCandidates(List.of(peer), removed));
            }
        }

        @Override
        public void failed(Connection connection, Failure why) {
            authorizations.disconnected(connection, why == Failure.GOODBYE, now);
        }
    }
}
