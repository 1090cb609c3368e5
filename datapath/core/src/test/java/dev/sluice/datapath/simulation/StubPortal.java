package dev.sluice.datapath.simulation;

import dev.sluice.channel.AuthorizeFlow;
import dev.sluice.channel.BroadcastIceCandidates;
import dev.sluice.channel.BroadcastInvalidatedIceCandidates;
import dev.sluice.channel.ClientCodec;
import dev.sluice.channel.ClientInit;
import dev.sluice.channel.ClientInterface;
import dev.sluice.channel.ClientToPortal;
import dev.sluice.channel.CreateFlow;
import dev.sluice.channel.Decoded;
import dev.sluice.channel.Detail;
import dev.sluice.channel.Filter;
import dev.sluice.channel.FlowAuthorized;
import dev.sluice.channel.FlowCreated;
import dev.sluice.channel.FlowCreationFailed;
import dev.sluice.channel.Frame;
import dev.sluice.channel.GatewayCodec;
import dev.sluice.channel.GatewayInit;
import dev.sluice.channel.GatewayToPortal;
import dev.sluice.channel.IceCandidates;
import dev.sluice.channel.InvalidateIceCandidates;
import dev.sluice.channel.PortalToClient;
import dev.sluice.channel.PortalToGateway;
import dev.sluice.channel.Reason;
import dev.sluice.channel.RejectAccess;
import dev.sluice.channel.Resource;
import dev.sluice.channel.ResourceCreatedOrUpdated;
import dev.sluice.channel.ResourceDeleted;
import dev.sluice.channel.ResourceUpdated;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.channel.SnapshotRequest;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The portal, as far as devices see it: decides by a set of permissions, keeps a row for each flow, tells the gateway
 * before the client, and forgets nothing when it restarts. Speaks frames.
 */
final class StubPortal implements PortalSession.Portal {
    static final long LATENCY = Duration.ofMillis(4).toNanos();

    /** A client and a resource. */
    record Access(UUID client, UUID resource) {}

    record Flow(UUID gateway, long generation, Instant expiresAt) {}

    private record Ask(Access access, UUID gateway, long generation) {}

    private final World world;
    private final Map<UUID, PortalSession.Device> devices = new LinkedHashMap<>();
    private final Map<UUID, PortalSession> sessions = new LinkedHashMap<>();
    private final Map<UUID, Resource.Cidr> resources = new LinkedHashMap<>();
    private final Set<Access> permitted = new HashSet<>();
    private final Map<Access, Flow> flows = new HashMap<>();
    private final Map<String, Ask> asks = new HashMap<>();
    private final Map<String, Reason> refusedTokens = new HashMap<>();
    private final Map<UUID, List<Frame>> held = new HashMap<>();
    private final Set<UUID> cut = new HashSet<>();
    private Duration lifetime = Duration.ofHours(8);
    private boolean down;
    private long sequence;
    private long created;

    StubPortal(World world) {
        this.world = world;
    }

    void register(UUID id, boolean gateway) {
        int number = devices.size() + 1;
        devices.put(id, new PortalSession.Device(id, gateway, "100.64.0." + number, "fd00:2021:1111::" + number));
    }

    String ipv4(UUID device) {
        return devices.get(device).ipv4();
    }

    String ipv6(UUID device) {
        return devices.get(device).ipv6();
    }

    // What an administrator does.

    void add(Resource.Cidr resource) {
        resources.put(resource.id(), resource);
    }

    Resource.Cidr resource(UUID id) {
        return resources.get(id);
    }

    List<Resource.Cidr> resources() {
        return List.copyOf(resources.values());
    }

    void permit(UUID client, UUID resource) {
        if (permitted.add(new Access(client, resource))) {
            push(client, new ResourceCreatedOrUpdated(resources.get(resource)), new SluiceExtra(++sequence, null));
        }
    }

    boolean isPermitted(UUID client, UUID resource) {
        return permitted.contains(new Access(client, resource));
    }

    /** Ends the permission and everything that stands on it, in one transaction. */
    void revoke(UUID client, UUID resource, Reason reason) {
        Access access = new Access(client, resource);
        permitted.remove(access);
        SluiceExtra extra = new SluiceExtra(++sequence, Detail.of(reason));
        Flow flow = flows.remove(access);
        if (flow != null) {
            push(flow.gateway, new RejectAccess(client, resource), extra);
        }
        push(client, new ResourceDeleted(resource), extra);
    }

    /** The message alone: the gateway drops what the portal still holds. */
    void rejectOnly(UUID client, UUID resource) {
        Flow flow = flows.get(new Access(client, resource));
        if (flow != null) {
            push(flow.gateway, new RejectAccess(client, resource), SluiceExtra.EMPTY);
        }
    }

    void setFilters(UUID resource, List<Filter> filters) {
        Resource.Cidr old = resources.get(resource);
        Resource.Cidr changed =
                new Resource.Cidr(old.id(), old.name(), old.address(), old.addressDescription(), old.sites(), filters);
        resources.put(resource, changed);
        for (PortalSession.Device device : devices.values()) {
            if (device.gateway()) {
                push(device.id(), new ResourceUpdated(gatewayView(changed)), SluiceExtra.EMPTY);
            } else if (isPermitted(device.id(), resource)) {
                push(device.id(), new ResourceCreatedOrUpdated(changed), SluiceExtra.EMPTY);
            }
        }
    }

    /** How long a flow that is decided from now on is good. */
    void flowLifetime(Duration duration) {
        lifetime = duration;
    }

    void refuseToken(String token, Reason reason) {
        refusedTokens.put(token, reason);
        sessions.values().stream()
                .filter(session -> session.token().equals(token))
                .toList()
                .forEach(session -> {
                    sessions.remove(session.id());
                    session.close();
                });
        flows.entrySet().removeIf(entry -> {
            boolean ended = token.equals("token-" + entry.getKey().client);
            if (ended) {
                SluiceExtra extra = new SluiceExtra(++sequence, Detail.of(reason));
                push(entry.getValue().gateway, new RejectAccess(entry.getKey().client, entry.getKey().resource), extra);
            }
            return ended;
        });
    }

    // What happens to the portal.

    void stop() {
        down = true;
        List.copyOf(sessions.values()).forEach(session -> session.close());
        sessions.clear();
        asks.clear();
        held.replaceAll((device, frames) -> new ArrayList<>());
    }

    void start() {
        down = false;
    }

    /** What this device is told waits. */
    void hold(UUID device) {
        held.putIfAbsent(device, new ArrayList<>());
    }

    /** What waits is lost: the device stays in the belief that it has. */
    void forgetHeld(UUID device) {
        held.computeIfPresent(device, (id, frames) -> new ArrayList<>());
    }

    void release(UUID device) {
        List<Frame> frames = held.remove(device);
        if (frames != null) {
            frames.forEach(frame -> push(device, frame));
        }
    }

    /** The path between this device and the portal. */
    void cut(UUID device, boolean value) {
        if (value) {
            cut.add(device);
        } else {
            cut.remove(device);
        }
        PortalSession session = sessions.get(device);
        if (session != null) {
            session.socket().cut(value);
        }
    }

    boolean reaches(UUID device) {
        PortalSession session = sessions.get(device);
        return session != null && session.isJoined() && !cut.contains(device) && !held.containsKey(device);
    }

    @Nullable Flow flow(UUID client, UUID resource) {
        return flows.get(new Access(client, resource));
    }

    /** How often it was asked for a flow. */
    long asked() {
        return created;
    }

    // What devices do.

    void connect(UUID device, PortalLine<?, ?> line, int number, URI url, Map<String, String> headers) {
        String key = parameter(url, "public_key");
        String token = headers.get("X-Authorization").substring("Bearer ".length());
        world.timeline().at(world.now() + 2 * LATENCY, () -> {
            if (cut.contains(device)) {
                return;
            }
            Reason refused = refusedTokens.get(token);
            if (down) {
                line.closed(number);
            } else if (refused != null) {
                line.refused(number, 401, refused.code());
            } else {
                PortalSession session =
                        new PortalSession(world.timeline(), devices.get(device), line, number, key, token, this);
                PortalSession earlier = sessions.put(device, session);
                if (earlier != null) {
                    earlier.close();
                }
                line.opened(number, session.socket());
            }
        });
    }

    private void join(PortalSession session, Frame frame) {
        if (sessions.get(session.id()) != session) {
            return;
        }
        session.joined();
        session.send(Frame.ok(frame.topic(), frame.ref()));
        UUID id = session.id();
        if (held.containsKey(id)) {
            held.put(id, new ArrayList<>());
        }
        snapshot(session);
    }

    private void snapshot(PortalSession session) {
        UUID id = session.id();
        if (session.isGateway()) {
            List<GatewayInit.Authorization> live = new ArrayList<>();
            flows.forEach((access, flow) -> {
                if (flow.gateway.equals(id) && flow.expiresAt.isAfter(instant())) {
                    live.add(new GatewayInit.Authorization(access.client, access.resource, flow.expiresAt));
                }
            });
            push(
                    id,
                    new GatewayInit(
                            "account", session.device().ipv4(), session.device().ipv6(), List.of(), live),
                    SluiceExtra.EMPTY);
        } else {
            List<Resource> visible = new ArrayList<>();
            resources.values().stream()
                    .filter(resource -> isPermitted(id, resource.id()))
                    .forEach(visible::add);
            ClientInterface tunnel = new ClientInterface(
                    session.device().ipv4(), session.device().ipv6(), null, List.of());
            push(id, new ClientInit(tunnel, visible, List.of()), SluiceExtra.EMPTY);
        }
    }

    @Override
    public void closed(PortalSession session) {
        sessions.remove(session.id(), session);
    }

    @Override
    public void received(PortalSession session, Frame frame) {
        switch (frame.event()) {
            case Frame.JOIN -> join(session, frame);
            case Frame.HEARTBEAT -> session.send(Frame.ok(Frame.PHOENIX, frame.ref()));
            default -> handle(session, frame);
        }
    }

    private void handle(PortalSession session, Frame frame) {
        if (sessions.get(session.id()) != session) {
            return;
        }
        if (session.isGateway()) {
            switch (((Decoded.Message<GatewayToPortal>) GatewayCodec.decodeRequest(frame)).value()) {
                case FlowAuthorized authorized -> authorized(session, frame, authorized);
                case SnapshotRequest request -> snapshot(session);
                case BroadcastIceCandidates ice ->
                    ice.peerIds()
                            .forEach(peer -> push(
                                    peer,
                                    (PortalToClient) new IceCandidates(session.id(), ice.candidates()),
                                    SluiceExtra.EMPTY));
                case BroadcastInvalidatedIceCandidates ice ->
                    ice.peerIds()
                            .forEach(peer -> push(
                                    peer,
                                    (PortalToClient) new InvalidateIceCandidates(session.id(), ice.candidates()),
                                    SluiceExtra.EMPTY));
            }
        } else {
            switch (((Decoded.Message<ClientToPortal>) ClientCodec.decodeRequest(frame)).value()) {
                case CreateFlow ask -> ask(session, ask);
                case SnapshotRequest request -> snapshot(session);
                case BroadcastIceCandidates ice ->
                    ice.peerIds()
                            .forEach(peer -> push(
                                    peer,
                                    (PortalToGateway) new IceCandidates(session.id(), ice.candidates()),
                                    SluiceExtra.EMPTY));
                case BroadcastInvalidatedIceCandidates ice ->
                    ice.peerIds()
                            .forEach(peer -> push(
                                    peer,
                                    (PortalToGateway) new InvalidateIceCandidates(session.id(), ice.candidates()),
                                    SluiceExtra.EMPTY));
            }
        }
    }

    private void ask(PortalSession client, CreateFlow ask) {
        created++;
        Access access = new Access(client.id(), ask.resourceId());
        if (!permitted.contains(access)) {
            fail(access, Reason.NO_POLICY);
            return;
        }
        List<PortalSession> online = sessions.values().stream()
                .filter(session -> session.isGateway() && session.isJoined())
                .toList();
        PortalSession gateway = online.stream()
                .filter(session -> ask.connectedGatewayIds().contains(session.id()))
                .findFirst()
                .orElse(online.isEmpty() ? null : online.get(world.random().nextInt(online.size())));
        if (gateway == null) {
            fail(access, Reason.GATEWAY_OFFLINE);
            return;
        }
        long generation = ++sequence;
        Instant expiresAt = instant().plus(lifetime);
        Flow earlier = flows.put(access, new Flow(gateway.id(), generation, expiresAt));
        if (earlier != null && !earlier.gateway.equals(gateway.id())) {
            push(earlier.gateway, new RejectAccess(access.client, access.resource), new SluiceExtra(generation, null));
        }
        String ref = "ref-" + generation;
        asks.put(ref, new Ask(access, gateway.id(), generation));
        ConnectionKeys keys = keys(client, gateway);
        AuthorizeFlow authorize = new AuthorizeFlow(
                ref,
                expiresAt,
                gatewayView(resources.get(access.resource)),
                new AuthorizeFlow.GrantedClient(
                        client.id(),
                        client.publicKey(),
                        keys.presharedKey(),
                        client.device().ipv4(),
                        client.device().ipv6()),
                keys.clientIce(),
                keys.gatewayIce());
        push(gateway.id(), authorize, new SluiceExtra(generation, null));
    }

    private void authorized(PortalSession gateway, Frame frame, FlowAuthorized authorized) {
        Ask ask = asks.remove(authorized.ref());
        if (ask == null || !ask.gateway.equals(gateway.id())) {
            gateway.send(Frame.error(frame.topic(), frame.ref(), Frame.INVALID_REF));
            return;
        }
        gateway.send(Frame.ok(frame.topic(), frame.ref()));
        Flow flow = flows.get(ask.access);
        PortalSession client = sessions.get(ask.access.client);
        if (flow == null || flow.generation != ask.generation || client == null) {
            return;
        }
        ConnectionKeys keys = keys(client, gateway);
        push(
                client.id(),
                new FlowCreated(
                        ask.access.resource,
                        gateway.id(),
                        world.site().id(),
                        gateway.publicKey(),
                        gateway.device().ipv4(),
                        gateway.device().ipv6(),
                        keys.presharedKey(),
                        keys.clientIce(),
                        keys.gatewayIce()),
                new SluiceExtra(ask.generation, null));
    }

    private void fail(Access access, Reason reason) {
        Detail detail = Detail.of(reason);
        push(access.client, FlowCreationFailed.of(access.resource, detail), new SluiceExtra(null, detail));
    }

    private void push(UUID client, PortalToClient message, SluiceExtra extra) {
        push(client, ClientCodec.encode(message, extra));
    }

    private void push(UUID gateway, PortalToGateway message, SluiceExtra extra) {
        push(gateway, GatewayCodec.encode(message, extra));
    }

    private void push(UUID device, Frame frame) {
        List<Frame> waiting = held.get(device);
        PortalSession session = sessions.get(device);
        if (waiting != null) {
            waiting.add(frame);
        } else if (session != null && session.isJoined()) {
            session.send(frame);
        }
    }

    private static ConnectionKeys keys(PortalSession client, PortalSession gateway) {
        return new ConnectionKeys(client.id() + client.publicKey() + gateway.id() + gateway.publicKey());
    }

    private Instant instant() {
        return world.timeline().clock().instant();
    }

    private static Resource.Cidr gatewayView(Resource.Cidr resource) {
        return new Resource.Cidr(
                resource.id(), resource.name(), resource.address(), null, List.of(), resource.filters());
    }

    private static String parameter(URI url, String name) {
        return Arrays.stream(url.getRawQuery().split("&"))
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> URLDecoder.decode(pair.substring(name.length() + 1), StandardCharsets.UTF_8))
                .findFirst()
                .orElseThrow();
    }
}
