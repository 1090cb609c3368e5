package dev.sluice.datapath.client;

import dev.sluice.channel.BroadcastIceCandidates;
import dev.sluice.channel.BroadcastInvalidatedIceCandidates;
import dev.sluice.channel.ClientInit;
import dev.sluice.channel.ClientInterface;
import dev.sluice.channel.ClientToPortal;
import dev.sluice.channel.ConfigChanged;
import dev.sluice.channel.CreateFlow;
import dev.sluice.channel.Detail;
import dev.sluice.channel.FlowCreated;
import dev.sluice.channel.FlowCreationFailed;
import dev.sluice.channel.IceCandidates;
import dev.sluice.channel.InvalidateIceCandidates;
import dev.sluice.channel.PortalToClient;
import dev.sluice.channel.Reason;
import dev.sluice.channel.RelaysPresence;
import dev.sluice.channel.ResourceCreatedOrUpdated;
import dev.sluice.channel.ResourceDeleted;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.datapath.connectivity.Connection;
import dev.sluice.datapath.connectivity.ConnectionStatus;
import dev.sluice.datapath.connectivity.Connections;
import dev.sluice.datapath.connectivity.Failure;
import dev.sluice.datapath.connectivity.Role;
import dev.sluice.datapath.policy.FlowTable;
import dev.sluice.datapath.portal.DeviceCore;
import dev.sluice.datapath.portal.PortalDown;
import dev.sluice.datapath.portal.TunnelSettings;
import dev.sluice.datapath.wire.Coalescing;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.IcmpError;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.IpPrefix;
import dev.sluice.datapath.wire.PacketLedger;
import dev.sluice.datapath.wireguard.KeyPair;
import dev.sluice.datapath.wireguard.Timing;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A client between its TUN device, its peers and the portal: asks for a resource when it sees the first packet for it,
 * carries packets while access lasts, and answers those that it may not carry.
 *
 * <p>The channel to the portal may come and go: what was granted goes on without it. Only a refused token ends
 * everything; then the routes stay, and all that they lead here is answered as unreachable.
 */
public final class Client implements DeviceCore<PortalToClient, ClientToPortal> {
    /** Of flows of this host, beyond a few. */
    private static final long FLOWS = 1 << 16;

    private final Output<ClientToPortal> output;
    private final ClientFeatures features;
    private final PacketLedger ledger = new PacketLedger();
    private final ResourceTable resources = new ResourceTable();
    private final GatewayPeers gateways = new GatewayPeers();
    private final Connections connections;
    private final Denials denials;
    private final PendingFlows pending;
    private final OutboundPath outbound;
    private final InboundPath inbound;
    private final AccessState access;
    private final LeftResources left;
    private final IpPacket lost = new IpPacket();

    private long now;
    private @Nullable TunnelSettings tunnel;
    private @Nullable TunnelSettings configured;
    private @Nullable Detail signedOut;
    private boolean portalUp;
    private boolean closed;
    private long reauthorizations;

    public Client(
            KeyPair keys,
            Timing timing,
            ClientFeatures features,
            RandomGenerator random,
            InstantSource clock,
            Output<ClientToPortal> output) {
        this.output = output;
        this.features = features;
        this.connections = new Connections(keys, Role.CONTROLLING, timing, random, clock, new FromConnections());
        this.denials = new Denials(ledger, clock, output::toTun);
        this.pending = new PendingFlows(timing, ledger, denials, this::ask, this::resume);
        FlowTable flows = new FlowTable(new FlowTable.Budget(FLOWS));
        this.outbound = new OutboundPath(resources, gateways, pending, connections, flows, denials, ledger);
        this.inbound = new InboundPath(resources, flows, this::refused, ledger, output::toTun);
        this.access = new AccessState(resources, gateways, pending, connections);
        this.left = new LeftResources(resources, this::reauthorize);
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
        outbound.handle(buffer, offset, length, segmentSize, now);
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
    public void handlePortal(PortalToClient message, @Nullable SluiceExtra extra, long now) {
        if (closed) {
            return;
        }
        this.now = now;
        switch (message) {
            case ClientInit init -> {
                address(init.tunnel());
                access.replaceAll(init.resources(), now);
                configure();
            }
            case ConfigChanged changed -> {
                address(changed.tunnel());
                configure();
            }
            case ResourceCreatedOrUpdated changed -> {
                access.createdOrUpdated(changed.resource(), extra, now);
                configure();
            }
            case ResourceDeleted deleted -> {
                access.deleted(deleted.resourceId(), extra, now);
                configure();
            }
            case FlowCreated flow -> access.flowCreated(flow, extra, now);
            case FlowCreationFailed failed -> {
                access.flowCreationFailed(failed, extra, now);
                if (Denial.detail(failed, extra).reason().effect() != Reason.Effect.UNREACHABLE) {
                    left.remove(failed.resourceId());
                }
            }
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
        access.forgetGenerations();
    }

    @Override
    public void handlePortalUp(long now) {
        this.now = now;
        portalUp = true;
        signedOut = null;
        outbound.signedOut(false);
        connections.resignal(now);
        left.portal(true, now);
    }

    @Override
    public void handlePortalDown(PortalDown why, long now) {
        this.now = now;
        portalUp = false;
        left.portal(false, now);
        if (why.signedOut()) {
            left.clear();
            Detail detail = why.detail() == null ? Detail.of(Reason.TOKEN_INVALID) : why.detail();
            signedOut = detail;
            outbound.signedOut(true);
            access.endAll(detail, now);
        }
    }

    @Override
    public void handleTimeout(long now) {
        this.now = now;
        connections.handleTimeout(now);
        pending.handleTimeout(now);
        left.handleTimeout(now);
        outbound.handleTimeout(now);
        inbound.handleTimeout(now);
    }

    @Override
    public long nextTimeout() {
        long parts = Math.min(outbound.nextTimeout(), inbound.nextTimeout());
        long asks = Math.min(pending.nextTimeout(), left.nextTimeout());
        return Math.min(Math.min(connections.nextTimeout(), asks), parts);
    }

    @Override
    public void close(long now) {
        this.now = now;
        closed = true;
        pending.close();
        left.clear();
        access.closeAll(now);
    }

    public ClientStatus status() {
        List<ResourceStatus> known = new ArrayList<>();
        resources.all().forEach(resource -> known.add(ResourceStatus.of(resource)));
        access.unsupported().forEach(resource -> known.add(ResourceStatus.unsupported(resource)));
        return new ClientStatus(
                state(),
                signedOut,
                tunnel,
                known,
                ConnectionStatus.of(connections.connections()),
                ledger.counts(),
                connections.ledger().counts(),
                pending.count(),
                pending.lastGrantTook(),
                reauthorizations,
                denials.last(),
                access.ignored());
    }

    private ClientStatus.State state() {
        if (closed) {
            return ClientStatus.State.CLOSED;
        }
        if (signedOut != null) {
            return ClientStatus.State.SIGNED_OUT;
        }
        return tunnel == null ? ClientStatus.State.STARTING : ClientStatus.State.RUNNING;
    }

    private void address(ClientInterface addresses) {
        List<IpPrefix> routes = tunnel == null ? List.of() : tunnel.routes();
        tunnel =
                TunnelSettings.parse(addresses.ipv4(), addresses.ipv6(), routes).orElse(tunnel);
    }

    /** Tells the shell if anything changed. */
    private void configure() {
        if (tunnel == null) {
            return;
        }
        List<IpPrefix> routes = new ArrayList<>(resources.networks());
        routes.add(TunnelSettings.TUNNEL_IPV4);
        routes.add(TunnelSettings.TUNNEL_IPV6);
        TunnelSettings settings = new TunnelSettings(tunnel.ipv4(), tunnel.ipv6(), routes);
        outbound.tunnel(settings);
        inbound.tunnel(settings);
        tunnel = settings;
        if (!settings.equals(configured)) {
            configured = settings;
            output.configure(settings);
        }
    }

    private void ask(UUID resource) {
        output.toPortal(new CreateFlow(resource, access.recent().ids()));
    }

    private void resume(ClientResource resource, byte[] buffer, int offset, int length, long at) {
        outbound.resume(resource, buffer, offset, length, at);
    }

    private void refused(ClientResource resource, IpPacket ours, long at) {
        if (mayReauthorize(resource) && resource.startReauthorization().refused(ours, at)) {
            reauthorize(resource, at);
        }
    }

    private void left(ClientResource resource, long at) {
        if (features.reauthorizeOnProhibited() && !closed && resource.isInUse(at)) {
            left.add(resource, at);
        }
    }

    /** While the portal is away nobody could answer, and packets that pass would wait for it. */
    private boolean mayReauthorize(ClientResource resource) {
        return features.reauthorizeOnProhibited() && portalUp && !closed && !resource.isAsked();
    }

    private void reauthorize(ClientResource resource, long at) {
        reauthorizations++;
        pending.open(resource, at);
    }

    private final class FromConnections implements Connections.Output {
        @Override
        public void transmit(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length) {
            output.transmit(local, remote, buffer, offset, length);
        }

        @Override
        public void deliver(Connection from, byte[] buffer, int offset, int length, int segmentSize) {
            GatewayPeer gateway = gateways.get(from.peer());
            boolean current = gateway != null && gateway.connection() == from;
            inbound.handle(current ? gateway : null, buffer, offset, length, segmentSize, now);
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
            access.disconnected(connection).forEach(resource -> left(resource, now));
        }

        @Override
        public void undelivered(Connection connection, byte[] buffer, int offset, int length) {
            if (!closed && lost.wrap(buffer, offset, length) == IpPacket.Status.VALID) {
                denials.answer(lost, IcmpError.Cause.HOST_UNREACHABLE);
            }
        }
    }
}
