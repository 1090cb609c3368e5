package dev.sluice.datapath.simulation;

import dev.sluice.channel.GatewayCodec;
import dev.sluice.channel.GatewayInit;
import dev.sluice.channel.GatewayToPortal;
import dev.sluice.channel.PortalToGateway;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.datapath.gateway.Gateway;
import dev.sluice.datapath.gateway.GatewayStatus;
import dev.sluice.datapath.portal.ChannelStatus;
import dev.sluice.datapath.portal.PortalDown;
import dev.sluice.datapath.portal.PortalLogin;
import dev.sluice.datapath.portal.TunnelSettings;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.PacketLedger;
import dev.sluice.datapath.wireguard.KeyPair;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A gateway process, its host and the resources behind it. */
final class SimulatedGateway {
    private final World world;
    private final UUID id;
    private final String name;
    private final Endpoint endpoint;
    private final IpPacket packet = new IpPacket();
    private Gateway core;
    private PortalLine<PortalToGateway, GatewayToPortal> line;
    private Alarm alarm;
    private GrantWitness witness;
    private boolean initialised;
    private boolean running;

    SimulatedGateway(World world, UUID id, String name, int number) {
        this.world = world;
        this.id = id;
        this.name = name;
        this.endpoint = new Endpoint(IpAddress.parse("203.0.113." + number), 52625);
        world.portal().register(id, true);
    }

    /** Starts the process, with a new key, unless it runs. */
    void start() {
        if (running) {
            return;
        }
        KeyPair keys = KeyPair.generate(world.random());
        core = new Gateway(
                keys, world.timing(), world.random(), world.timeline().clock(), new Output());
        witness = new GrantWitness(world, id);
        alarm = new Alarm(name, world.timeline(), core::nextTimeout, core::handleTimeout);
        initialised = false;
        running = true;
        PortalLogin login = new PortalLogin(
                URI.create("wss://portal/"),
                PortalLogin.Role.GATEWAY,
                id.toString(),
                name,
                keys.publicKey().base64(),
                "token-" + id,
                "Linux/1 gateway/1.4.17 (x86_64) sluice/0.1");
        line = new PortalLine<>(world, id, login, GatewayCodec::decodePush, GatewayCodec::encode, new Device());
        Gateway running = core;
        world.network().attach(name, endpoint, (local, remote, datagram) -> {
            running.handleDatagram(local, remote, datagram, 0, datagram.length, world.now());
            alarm.rearm();
        });
        core.setLocalEndpoints(List.of(endpoint), world.now());
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

    UUID id() {
        return id;
    }

    String name() {
        return name;
    }

    boolean isUp() {
        return initialised && line.status().state() == ChannelStatus.State.UP;
    }

    GatewayStatus status() {
        return core.status();
    }

    Gateway core() {
        return core;
    }

    String report() {
        GatewayStatus status = status();
        return name + ": " + line.status().state() + ", packets " + status.packets() + ", connections "
                + status.connectionPackets() + "\n  " + status.connections() + "\n  " + status.clients();
    }

    /** A host behind the gateway sends this; the host's kernel routes it into the TUN device. */
    void fromResource(byte[] bytes) {
        if (!running) {
            return;
        }
        packet.wrap(bytes, 0, bytes.length);
        boolean live = witness.permitsInbound(packet);
        PacketLedger.Counts before = status().packets();
        core.handleTun(bytes, 0, bytes.length, world.now());
        alarm.rearm();
        if (!live) {
            witness.checkWithheld(before, status().packets());
        }
    }

    private final class Device implements PortalLine.Device<PortalToGateway> {
        @Override
        public void up() {
            core.handlePortalUp(world.now());
            alarm.rearm();
        }

        @Override
        public void down(PortalDown why) {
            core.handlePortalDown(why, world.now());
            witness.down(why);
            alarm.rearm();
        }

        @Override
        public void received(PortalToGateway message, @Nullable SluiceExtra extra) {
            initialised |= message instanceof GatewayInit;
            witness.received(message, extra);
            core.handlePortal(message, extra, world.now());
            alarm.rearm();
        }
    }

    private final class Output implements Gateway.Output {
        @Override
        public void transmit(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length) {
            world.network().send(local, remote, buffer, offset, length);
        }

        @Override
        public void toTun(byte[] buffer, int offset, int length) {
            byte[] bytes = Arrays.copyOfRange(buffer, offset, offset + length);
            packet.wrap(bytes, 0, bytes.length);
            witness.checkDelivered(packet);
            world.host(packet.destination().toString()).receive(SimulatedGateway.this, bytes);
        }

        @Override
        public void toPortal(GatewayToPortal message) {
            line.send(message);
        }

        @Override
        public void configure(TunnelSettings settings) {
            // The simulated host routes everything.
        }
    }
}
