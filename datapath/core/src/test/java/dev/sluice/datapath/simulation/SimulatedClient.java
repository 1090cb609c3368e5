package dev.sluice.datapath.simulation;

import dev.sluice.channel.ClientCodec;
import dev.sluice.channel.ClientInit;
import dev.sluice.channel.ClientToPortal;
import dev.sluice.channel.CreateFlow;
import dev.sluice.channel.PortalToClient;
import dev.sluice.datapath.client.Client;
import dev.sluice.datapath.client.ClientFeatures;
import dev.sluice.datapath.client.ClientStatus;
import dev.sluice.datapath.portal.PortalLogin;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wireguard.KeyPair;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** A client process, its host and the applications on it. */
final class SimulatedClient extends SimulatedDevice<PortalToClient, ClientToPortal, Client> {
    private final ClientFeatures features;
    private final IpPacket packet = new IpPacket();
    private final IpPacket quoted = new IpPacket();
    private final Map<Integer, Application> applications = new HashMap<>();
    private int lastPort = 40_000;
    private long asks;

    SimulatedClient(World world, UUID id, String name, int number, ClientFeatures features) {
        super(
                world,
                id,
                name,
                "198.51.100." + number,
                PortalLogin.Role.CLIENT,
                "Linux/1 headless-client/1.5.4 (x86_64) sluice/0.1");
        this.features = features;
        world.portal().register(id, false);
        world.portal().resources().forEach(resource -> world.portal().permit(id, resource.id()));
    }

    String ipv4() {
        return world().portal().ipv4(id());
    }

    String ipv6() {
        return world().portal().ipv6(id());
    }

    /** The own address of the same family. */
    String address(String destination) {
        return destination.indexOf(':') < 0 ? ipv4() : ipv6();
    }

    ClientStatus status() {
        return core().status();
    }

    /** How often the portal was asked for a flow. */
    long asks() {
        return asks;
    }

    String report() {
        ClientStatus status = status();
        return name() + ": " + portal() + ", packets " + status.packets() + ", connections "
                + status.connectionPackets() + "\n  " + status.connections() + "\n  " + status.resources();
    }

    Fetch fetch(String address) {
        return fetch(address, ResourceHost.WEB);
    }

    Fetch fetch(String address, int port) {
        Fetch fetch = new Fetch(world(), this, nextPort(), address, port);
        run(fetch.port(), fetch);
        return fetch;
    }

    Download download(String address, int pieces) {
        Download download = new Download(world(), this, nextPort(), address, pieces);
        run(download.port(), download);
        return download;
    }

    /** Sends a datagram each interval, until the end of the world. */
    Heartbeats heartbeats(String address) {
        Heartbeats heartbeats = new Heartbeats(world(), this, nextPort(), address);
        run(heartbeats.port(), heartbeats);
        return heartbeats;
    }

    @Override
    Client create(KeyPair keys) {
        return new Client(
                keys,
                world().timing(),
                features,
                world().random(),
                world().timeline().clock(),
                this);
    }

    @Override
    PortalLine<PortalToClient, ClientToPortal> line(PortalLogin login) {
        return new PortalLine<>(world(), id(), login, ClientCodec::decodePush, ClientCodec::encode, this);
    }

    @Override
    boolean isInit(PortalToClient message) {
        return message instanceof ClientInit;
    }

    @Override
    public boolean toTun(byte[] buffer, int offset, int length, int segmentSize) {
        byte[] bytes = Arrays.copyOfRange(buffer, offset, offset + length);
        // The kernel hands packets to applications later: no application runs inside the client.
        world().timeline().at(world().now(), () -> deliver(bytes));
        return true;
    }

    @Override
    public void toPortal(ClientToPortal message) {
        if (message instanceof CreateFlow) {
            asks++;
        }
        super.toPortal(message);
    }

    private int nextPort() {
        return ++lastPort;
    }

    private void run(int port, Application application) {
        applications.put(port, application);
        application.start();
    }

    private void deliver(byte[] bytes) {
        if (packet.wrap(bytes, 0, bytes.length) != IpPacket.Status.VALID) {
            throw new AssertionError(world().describe() + ": the client delivered a malformed packet");
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
