package dev.sluice.datapath.simulation;

import dev.sluice.channel.ClientCodec;
import dev.sluice.channel.ClientInit;
import dev.sluice.channel.ClientToPortal;
import dev.sluice.channel.CreateFlow;
import dev.sluice.channel.PortalToClient;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.datapath.client.Client;
import dev.sluice.datapath.client.ClientFeatures;
import dev.sluice.datapath.client.ClientStatus;
import dev.sluice.datapath.portal.ChannelStatus;
import dev.sluice.datapath.portal.PortalDown;
import dev.sluice.datapath.portal.PortalLogin;
import dev.sluice.datapath.portal.TunnelSettings;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wireguard.KeyPair;
import java.net.URI;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A client process, its host and the applications on it. */
final class SimulatedClient {
    private final World world;
    private final UUID id;
    private final String name;
    private final ClientFeatures features;
    private final IpPacket packet = new IpPacket();
    private final IpPacket quoted = new IpPacket();
    private final Map<Integer, Application> applications = new HashMap<>();
    private Endpoint endpoint;
    private Client core;
    private PortalLine<PortalToClient, ClientToPortal> line;
    private Alarm alarm;
    private @Nullable TunnelSettings tunnel;
    private boolean initialised;
    private boolean running;
    private int lastPort = 40_000;
    private long asks;

    SimulatedClient(World world, UUID id, String name, int number, ClientFeatures features) {
        this.world = world;
        this.id = id;
        this.name = name;
        this.features = features;
        this.endpoint = new Endpoint(IpAddress.parse("198.51.100." + number), 52625);
        world.portal().register(id, false);
        world.portal().resources().forEach(resource -> world.portal().permit(id, resource.id()));
    }

    /** Starts the process, with a new key, unless it runs. */
    void start() {
        if (running) {
            return;
        }
        KeyPair keys = KeyPair.generate(world.random());
        core = new Client(
                keys, world.timing(), features, world.random(), world.timeline().clock(), new Output());
        alarm = new Alarm(name, world.timeline(), core::nextTimeout, core::handleTimeout);
        initialised = false;
        running = true;
        PortalLogin login = new PortalLogin(
                URI.create("wss://portal/"),
                PortalLogin.Role.CLIENT,
                id.toString(),
                name,
                keys.publicKey().base64(),
                token(),
                "Linux/1 headless-client/1.5.4 (x86_64) sluice/0.1");
        line = new PortalLine<>(world, id, login, ClientCodec::decodePush, ClientCodec::encode, new Device());
        attach();
        line.start();
        alarm.rearm();
    }

    /** The process is killed: nobody is told. */
    void kill() {
        if (!running) {
            return;
        }
        running = false;
        world.network().detach(endpoint);
        alarm.off();
        line.die();
    }

    /** The process stops in order. */
    void stop() {
        if (!running) {
            return;
        }
        running = false;
        core.close(world.now());
        line.stop();
        world.network().detach(endpoint);
        alarm.off();
    }

    /** The host gets another address. */
    void roam(String address) {
        world.network().detach(endpoint);
        endpoint = new Endpoint(IpAddress.parse(address), 52625);
        attach();
        alarm.rearm();
    }

    UUID id() {
        return id;
    }

    String name() {
        return name;
    }

    String token() {
        return "token-" + id;
    }

    void token(String token) {
        line.token(token);
    }

    boolean isUp() {
        return initialised && line.status().state() == ChannelStatus.State.UP;
    }

    String ipv4() {
        return world.portal().ipv4(id);
    }

    String ipv6() {
        return world.portal().ipv6(id);
    }

    /** The own address of the same family. */
    String address(String destination) {
        return destination.indexOf(':') < 0 ? ipv4() : ipv6();
    }

    @Nullable TunnelSettings tunnel() {
        return tunnel;
    }

    ClientStatus status() {
        return core.status();
    }

    /** How often the portal was asked for a flow. */
    long asks() {
        return asks;
    }

    String report() {
        ClientStatus status = status();
        return name + ": " + line.status().state() + ", packets " + status.packets() + ", connections "
                + status.connectionPackets() + "\n  " + status.connections() + "\n  " + status.resources();
    }

    Fetch fetch(String address) {
        return fetch(address, ResourceHost.WEB);
    }

    Fetch fetch(String address, int port) {
        Fetch fetch = new Fetch(world, this, nextPort(), address, port);
        run(fetch.port(), fetch);
        return fetch;
    }

    Download download(String address, int pieces) {
        Download download = new Download(world, this, nextPort(), address, pieces);
        run(download.port(), download);
        return download;
    }

    /** Sends a datagram each interval, until the end of the world. */
    Heartbeats heartbeats(String address) {
        Heartbeats heartbeats = new Heartbeats(world, this, nextPort(), address);
        run(heartbeats.port(), heartbeats);
        return heartbeats;
    }

    /** An application sends a packet. */
    void send(byte[] bytes) {
        if (running) {
            core.handleTun(bytes, 0, bytes.length, world.now());
            alarm.rearm();
        }
    }

    private int nextPort() {
        return ++lastPort;
    }

    private void run(int port, Application application) {
        applications.put(port, application);
        application.start();
    }

    private void attach() {
        Client running = core;
        world.network().attach(name, endpoint, (local, remote, datagram) -> {
            running.handleDatagram(local, remote, datagram, 0, datagram.length, world.now());
            alarm.rearm();
        });
        core.setLocalEndpoints(List.of(endpoint), world.now());
    }

    private final class Device implements PortalLine.Device<PortalToClient> {
        @Override
        public void up() {
            core.handlePortalUp(world.now());
            alarm.rearm();
        }

        @Override
        public void down(PortalDown why) {
            core.handlePortalDown(why, world.now());
            alarm.rearm();
        }

        @Override
        public void received(PortalToClient message, @Nullable SluiceExtra extra) {
            initialised |= message instanceof ClientInit;
            core.handlePortal(message, extra, world.now());
            alarm.rearm();
        }
    }

    private final class Output implements Client.Output {
        @Override
        public void transmit(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length) {
            world.network().send(local, remote, buffer, offset, length);
        }

        @Override
        public void toTun(byte[] buffer, int offset, int length) {
            byte[] bytes = Arrays.copyOfRange(buffer, offset, offset + length);
            // The kernel hands packets to applications later: no application runs inside the client.
            world.timeline().at(world.now(), () -> deliver(bytes));
        }

        @Override
        public void toPortal(ClientToPortal message) {
            if (message instanceof CreateFlow) {
                asks++;
            }
            line.send(message);
        }

        @Override
        public void configure(TunnelSettings settings) {
            tunnel = settings;
        }
    }

    private void deliver(byte[] bytes) {
        if (packet.wrap(bytes, 0, bytes.length) != IpPacket.Status.VALID) {
            throw new AssertionError(world.describe() + ": the client delivered a malformed packet");
        }
        if (packet.isIcmpError()) {
            if (packet.embedded(quoted) == IpPacket.Status.VALID && applications.containsKey(quoted.sourcePort())) {
                applications.get(quoted.sourcePort()).refused(packet);
            }
        } else if (applications.containsKey(packet.destinationPort())) {
            applications.get(packet.destinationPort()).received(packet);
        }
    }
}
