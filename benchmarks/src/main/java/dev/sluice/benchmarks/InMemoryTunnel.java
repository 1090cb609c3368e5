package dev.sluice.benchmarks;

import dev.sluice.channel.AuthorizeFlow;
import dev.sluice.channel.BroadcastIceCandidates;
import dev.sluice.channel.ClientInit;
import dev.sluice.channel.ClientInterface;
import dev.sluice.channel.ClientToPortal;
import dev.sluice.channel.CreateFlow;
import dev.sluice.channel.Filter;
import dev.sluice.channel.Filter.Protocol;
import dev.sluice.channel.FlowAuthorized;
import dev.sluice.channel.FlowCreated;
import dev.sluice.channel.GatewayInit;
import dev.sluice.channel.GatewayToPortal;
import dev.sluice.channel.IceCandidates;
import dev.sluice.channel.IceCredentials;
import dev.sluice.channel.Resource;
import dev.sluice.channel.Secret;
import dev.sluice.channel.Site;
import dev.sluice.datapath.client.Client;
import dev.sluice.datapath.client.ClientFeatures;
import dev.sluice.datapath.client.ClientStatus;
import dev.sluice.datapath.gateway.Gateway;
import dev.sluice.datapath.gateway.GatewayStatus;
import dev.sluice.datapath.portal.DeviceCore;
import dev.sluice.datapath.portal.PortalClock;
import dev.sluice.datapath.portal.TunnelSettings;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.PacketBatch;
import dev.sluice.datapath.wireguard.KeyPair;
import dev.sluice.datapath.wireguard.Timing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A client and a gateway, their whole cores, joined in memory on a clock of their own, with a portal that grants. What
 * one transmits is copied once and handed to the other.
 */
final class InMemoryTunnel {
    static final String CLIENT_ADDRESS = "100.64.0.1";
    static final String RESOURCE_ADDRESS = "172.20.0.100";

    private static final String CLIENT_IPV6 = "fd00:2021:1111::1";
    private static final String GATEWAY_ADDRESS = "100.64.0.2";
    private static final String GATEWAY_IPV6 = "fd00:2021:1111::2";
    private static final long SEED = 1;
    private static final long STEP = Duration.ofNanos(1000).toNanos();
    private static final long LIMIT = Duration.ofSeconds(10).toNanos();
    private static final Duration MAX_PARTITION = Duration.ofMinutes(15);
    private static final int SLOTS = 64;
    private static final int DATAGRAM_LENGTH = 2048;

    private static final UUID CLIENT_ID = new UUID(1, 1);
    private static final UUID GATEWAY_ID = new UUID(2, 1);
    private static final UUID RESOURCE_ID = new UUID(3, 1);
    private static final UUID SITE_ID = new UUID(4, 1);
    private static final Endpoint CLIENT_ENDPOINT = Endpoint.parse("172.30.0.100:52625");
    private static final Endpoint GATEWAY_ENDPOINT = Endpoint.parse("172.31.0.100:52625");
    private static final IceCredentials CLIENT_ICE = new IceCredentials("clie", new Secret("client-password-client"));
    private static final IceCredentials GATEWAY_ICE = new IceCredentials("gate", new Secret("gateway-password-gatew"));
    private static final List<Filter> FILTERS =
            List.of(Filter.ports(Protocol.TCP, 80, 90), Filter.ports(Protocol.TCP, 443, 443));

    private final RandomGenerator random = new Random(SEED);
    private final KeyPair clientKeys = KeyPair.generate(random);
    private final KeyPair gatewayKeys = KeyPair.generate(random);
    private final InstantSource clock = InstantSource.fixed(Instant.ofEpochSecond(1_700_000_000));
    private final Deque<Runnable> portal = new ArrayDeque<>();
    private final Side<ClientToPortal> clientSide = new Side<>(this::fromClient);
    private final Side<GatewayToPortal> gatewaySide = new Side<>(this::fromGateway);
    private final Client client =
            new Client(clientKeys, Timing.connection(), ClientFeatures.standard(), random, clock, clientSide);
    private final Gateway gateway = new Gateway(
            gatewayKeys, Timing.connection(), random, clock, new PortalClock(clock), MAX_PARTITION, gatewaySide);
    private long now;

    /** A tunnel through which {@code first}, a packet of the client's to the resource, has passed. */
    static InMemoryTunnel connected(byte[] first) {
        InMemoryTunnel tunnel = new InMemoryTunnel();
        tunnel.connect(first);
        return tunnel;
    }

    /** One packet from the client to the resource. */
    void upload(byte[] packet) {
        now += STEP;
        client.handleTun(packet, 0, packet.length, 0, now);
        exchange();
    }

    /** One packet from the resource to the client. */
    void download(byte[] packet) {
        now += STEP;
        gateway.handleTun(packet, 0, packet.length, 0, now);
        exchange();
    }

    /** Packets that came out at the gateway's TUN device. */
    long uploaded() {
        return gatewaySide.toTun;
    }

    /** Packets that came out at the client's TUN device. */
    long downloaded() {
        return clientSide.toTun;
    }

    /** Whether both cores account for every packet and datagram. */
    boolean balanced() {
        ClientStatus ofClient = client.status();
        GatewayStatus ofGateway = gateway.status();
        return ofClient.packets().balanced()
                && ofClient.connectionPackets().balanced()
                && ofGateway.packets().balanced()
                && ofGateway.connectionPackets().balanced();
    }

    private void connect(byte[] first) {
        client.setLocalEndpoints(List.of(CLIENT_ENDPOINT), now);
        gateway.setLocalEndpoints(List.of(GATEWAY_ENDPOINT), now);
        client.handlePortalUp(now);
        gateway.handlePortalUp(now);
        gateway.handlePortal(new GatewayInit("bench", GATEWAY_ADDRESS, GATEWAY_IPV6, List.of(), List.of()), null, now);
        ClientInterface addresses = new ClientInterface(CLIENT_ADDRESS, CLIENT_IPV6, null, List.of());
        client.handlePortal(new ClientInit(addresses, List.of(resource()), List.of()), null, now);
        client.handleTun(first, 0, first.length, 0, now);
        while (gatewaySide.toTun == 0) {
            exchange();
            if (now > LIMIT) {
                throw new BenchmarkFailedException("the cores did not connect within 10 s of their time");
            }
            now = Math.max(now + STEP, Math.min(client.nextTimeout(), gateway.nextTimeout()));
            client.handleTimeout(now);
            gateway.handleTimeout(now);
        }
        exchange();
    }

    private void exchange() {
        while (!clientSide.sent.isEmpty() || !gatewaySide.sent.isEmpty() || !portal.isEmpty()) {
            clientSide.deliver(CLIENT_ENDPOINT, gateway, GATEWAY_ENDPOINT, now);
            gatewaySide.deliver(GATEWAY_ENDPOINT, client, CLIENT_ENDPOINT, now);
            while (!portal.isEmpty()) {
                portal.poll().run();
            }
        }
    }

    private static Resource resource() {
        List<Site> sites = List.of(new Site(SITE_ID, "site"));
        return new Resource.Cidr(RESOURCE_ID, "resource", "172.20.0.0/16", null, sites, FILTERS);
    }

    private AuthorizeFlow authorization() {
        return new AuthorizeFlow(
                "ref",
                null,
                resource(),
                new AuthorizeFlow.GrantedClient(
                        CLIENT_ID, key(clientKeys), presharedKey(), CLIENT_ADDRESS, CLIENT_IPV6),
                CLIENT_ICE,
                GATEWAY_ICE);
    }

    private FlowCreated flow() {
        return new FlowCreated(
                RESOURCE_ID,
                GATEWAY_ID,
                SITE_ID,
                key(gatewayKeys),
                GATEWAY_ADDRESS,
                GATEWAY_IPV6,
                presharedKey(),
                CLIENT_ICE,
                GATEWAY_ICE);
    }

    private static String key(KeyPair keys) {
        return Base64.getEncoder().encodeToString(keys.publicKey().bytes());
    }

    private static Secret presharedKey() {
        return new Secret(Base64.getEncoder().encodeToString(new byte[32]));
    }

    private void fromClient(ClientToPortal message) {
        if (message instanceof CreateFlow) {
            portal.add(() -> gateway.handlePortal(authorization(), null, now));
        } else if (message instanceof BroadcastIceCandidates candidates) {
            IceCandidates forwarded = new IceCandidates(CLIENT_ID, candidates.candidates());
            portal.add(() -> gateway.handlePortal(forwarded, null, now));
        }
    }

    private void fromGateway(GatewayToPortal message) {
        if (message instanceof FlowAuthorized) {
            portal.add(() -> client.handlePortal(flow(), null, now));
        } else if (message instanceof BroadcastIceCandidates candidates) {
            IceCandidates forwarded = new IceCandidates(GATEWAY_ID, candidates.candidates());
            portal.add(() -> client.handlePortal(forwarded, null, now));
        }
    }

    /** What one of the two puts out. */
    private static final class Side<O> implements DeviceCore.Output<O> {
        private final PacketBatch sent = new PacketBatch(SLOTS, 0, DATAGRAM_LENGTH);
        private final Consumer<O> portal;
        private long toTun;

        Side(Consumer<O> portal) {
            this.portal = portal;
        }

        @Override
        public void transmit(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length) {
            sent.append(buffer, offset, length);
        }

        @Override
        public boolean toTun(byte[] buffer, int offset, int length, int segmentSize) {
            toTun++;
            return true;
        }

        @Override
        public void toPortal(O message) {
            portal.accept(message);
        }

        @Override
        public void configure(TunnelSettings settings) {
            // There is no device here.
        }

        void deliver(Endpoint from, DeviceCore<?, ?> to, Endpoint at, long now) {
            for (int i = 0; i < sent.size(); i++) {
                to.handleDatagram(at, from, sent.buffer(), sent.offset(i), sent.length(i), now);
            }
            sent.clear();
        }
    }
}
