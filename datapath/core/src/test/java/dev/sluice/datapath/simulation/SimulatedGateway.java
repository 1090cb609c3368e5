package dev.sluice.datapath.simulation;

import dev.sluice.channel.GatewayCodec;
import dev.sluice.channel.GatewayInit;
import dev.sluice.channel.GatewayToPortal;
import dev.sluice.channel.PortalToGateway;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.datapath.gateway.Gateway;
import dev.sluice.datapath.gateway.GatewayStatus;
import dev.sluice.datapath.portal.PortalClock;
import dev.sluice.datapath.portal.PortalDown;
import dev.sluice.datapath.portal.PortalLogin;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.PacketLedger;
import dev.sluice.datapath.wireguard.KeyPair;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A gateway process, its host and the resources behind it. */
final class SimulatedGateway extends SimulatedDevice<PortalToGateway, GatewayToPortal, Gateway> {
    static final Duration MAX_PARTITION = Duration.ofMinutes(15);

    private final IpPacket packet = new IpPacket();
    private GrantWitness witness;

    SimulatedGateway(World world, UUID id, String name, int number) {
        super(
                world,
                id,
                name,
                "203.0.113." + number,
                PortalLogin.Role.GATEWAY,
                "Linux/1 gateway/1.4.17 (x86_64) sluice/0.1");
        world.portal().register(id, true);
    }

    GatewayStatus status() {
        return core().status();
    }

    String report() {
        GatewayStatus status = status();
        return name() + ": " + portal() + ", packets " + status.packets() + ", connections "
                + status.connectionPackets() + "\n  " + status.connections() + "\n  " + status.clients();
    }

    /** A host behind the gateway sends this; the host's kernel routes it into the TUN device. */
    void fromResource(byte[] bytes) {
        if (!isRunning()) {
            return;
        }
        packet.wrap(bytes, 0, bytes.length);
        boolean live = witness.permitsInbound(packet);
        PacketLedger.Counts before = status().packets();
        fromHost(bytes);
        if (!live) {
            witness.checkWithheld(before, status().packets());
        }
    }

    @Override
    Gateway create(KeyPair keys) {
        witness = new GrantWitness(world(), id());
        return new Gateway(
                keys,
                world().timing(),
                world().random(),
                world().timeline().clock(),
                new PortalClock(world().timeline().clock()),
                MAX_PARTITION,
                this);
    }

    @Override
    PortalLine<PortalToGateway, GatewayToPortal> line(PortalLogin login) {
        return new PortalLine<>(world(), id(), login, GatewayCodec::decodePush, GatewayCodec::encode, this);
    }

    @Override
    boolean isInit(PortalToGateway message) {
        return message instanceof GatewayInit;
    }

    @Override
    public void down(PortalDown why) {
        witness.down(why);
        super.down(why);
    }

    @Override
    public void received(PortalToGateway message, @Nullable SluiceExtra extra) {
        witness.received(message, extra);
        super.received(message, extra);
    }

    @Override
    public boolean toTun(byte[] buffer, int offset, int length, int segmentSize) {
        byte[] bytes = Arrays.copyOfRange(buffer, offset, offset + length);
        packet.wrap(bytes, 0, bytes.length);
        witness.checkDelivered(packet);
        world().host(packet.destination().toString()).receive(this, bytes);
        return true;
    }
}
