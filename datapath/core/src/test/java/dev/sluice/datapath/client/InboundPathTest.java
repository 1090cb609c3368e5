package dev.sluice.datapath.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Resource;
import dev.sluice.datapath.connectivity.Connection;
import dev.sluice.datapath.connectivity.Connections;
import dev.sluice.datapath.connectivity.IceCredentials;
import dev.sluice.datapath.connectivity.Role;
import dev.sluice.datapath.connectivity.UnheardOutput;
import dev.sluice.datapath.policy.FlowTable;
import dev.sluice.datapath.portal.TunnelSettings;
import dev.sluice.datapath.wire.Allocations;
import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.IcmpError;
import dev.sluice.datapath.wire.IcmpHeader;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.Ipv4Header;
import dev.sluice.datapath.wire.PacketLedger;
import dev.sluice.datapath.wire.Packets;
import dev.sluice.datapath.wire.TcpHeader;
import dev.sluice.datapath.wireguard.KeyPair;
import dev.sluice.datapath.wireguard.PresharedKey;
import dev.sluice.datapath.wireguard.Timing;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InboundPathTest {
    private static final int PACKETS = 20_000;
    private static final String OWN = "100.64.0.5";
    private static final String HOST = "172.20.0.1";
    private static final String OTHER_HOST = "172.21.0.1";

    private final PacketLedger ledger = new PacketLedger();
    private final ResourceTable resources = new ResourceTable();
    private final GatewayPeers gateways = new GatewayPeers();
    private final List<UUID> refused = new ArrayList<>();
    private final FlowTable flows = new FlowTable(new FlowTable.Budget(0));
    private final InboundPath path = new InboundPath(
            resources,
            flows,
            (resource, ours, now) -> refused.add(resource.resource()),
            ledger,
            (buffer, offset, length, segmentSize) -> true);
    private final ClientResource granted = resource(1, "172.20.0.0/16");
    private final ClientResource notGranted = resource(2, "172.21.0.0/16");
    private final GatewayPeer gateway = gateways.upsert(
            new UUID(0, 9), IpAddress.parse("100.64.0.1"), IpAddress.parse("fd00:2021:1111::1"), connection());

    @BeforeEach
    void grant() {
        path.tunnel(new TunnelSettings(IpAddress.parse(OWN), IpAddress.parse("fd00:2021:1111::5"), List.of()));
        resources.replace(List.of(), List.of(granted, notGranted));
        gateways.map(granted, gateway);
    }

    @AfterEach
    void shouldAccountForEveryPacket() {
        assertThat(ledger.counts().balanced()).isTrue();
    }

    @Test
    void shouldDeliverAnswersOfAGrantedResource() {
        flows.sent(Packets.wrapped(Packets.udp(OWN, 5000, HOST, 7, new byte[8])), 1);
        flows.sent(Packets.wrapped(Packets.udp(OWN, 5000, "100.64.0.1", 7, new byte[8])), 1);
        handle(udp(HOST, OWN));
        handle(udp("100.64.0.1", OWN));

        assertThat(ledger.delivered()).isEqualTo(2);
    }

    @Test
    void shouldDropWhatAGrantedResourceBegins() {
        handle(udp(HOST, OWN));
        handle(Packets.tcp(HOST, 80, OWN, 22, TcpHeader.SYN, new byte[0]));

        assertThat(ledger.dropped(DropReason.UNSOLICITED)).isEqualTo(2);
    }

    @Test
    void shouldDropWhatComesFromElsewhere() {
        handle(udp(OTHER_HOST, OWN));
        handle(udp("10.0.0.1", OWN));
        handle(udp("100.64.0.99", OWN));

        assertThat(ledger.dropped(DropReason.UNSOLICITED)).isEqualTo(3);
    }

    @Test
    void shouldDropWhatIsForAnotherHost() {
        handle(udp(HOST, "192.168.0.1"));

        assertThat(ledger.dropped(DropReason.WRONG_DESTINATION)).isEqualTo(1);
    }

    @Test
    void shouldHearOfARefusal() {
        handle(error(IcmpError.Cause.PROHIBITED, OWN, HOST));

        assertThat(refused).containsExactly(granted.resource());
        assertThat(ledger.delivered()).isEqualTo(1);
    }

    /** As of gateways that say so of parts: nobody is to ask for what may be granted already. */
    @Test
    void shouldNotHearOfARefusalOfAPart() {
        byte[] error = error(IcmpError.Cause.PROHIBITED, OWN, HOST);
        error[Ipv4Header.MIN_LENGTH + IcmpHeader.LENGTH + 6] = 0x20;
        handle(error);

        assertThat(refused).isEmpty();
        assertThat(ledger.delivered()).isEqualTo(1);
    }

    @Test
    void shouldDeliverOtherErrorsWithoutHearingOfARefusal() {
        handle(error(IcmpError.Cause.HOST_UNREACHABLE, OWN, HOST));

        assertThat(refused).isEmpty();
        assertThat(ledger.delivered()).isEqualTo(1);
    }

    @Test
    void shouldTakeAnErrorAboutOurPacketFromAnyRouter() {
        byte[] error = error(IcmpError.Cause.HOST_UNREACHABLE, OWN, HOST);
        IpAddress.parse("10.9.9.9").write(error, 12);
        handle(error);

        assertThat(ledger.delivered()).isEqualTo(1);
    }

    @Test
    void shouldNotHearOfARefusalOfWhatTheGatewayNeverGranted() {
        handle(error(IcmpError.Cause.PROHIBITED, OWN, OTHER_HOST));
        handle(error(IcmpError.Cause.PROHIBITED, "192.168.0.1", HOST, OWN));

        assertThat(refused).isEmpty();
    }

    @Test
    void shouldSurviveAnErrorThatQuotesTooLittle() {
        byte[] error = error(IcmpError.Cause.PROHIBITED, OWN, HOST);
        for (int length = 0; length < error.length - 4; length++) {
            byte[] cut = Arrays.copyOf(error, length);
            if (length >= 4) {
                cut[2] = (byte) (length >> 8);
                cut[3] = (byte) length;
            }
            handle(cut);
        }

        assertThat(refused).isEmpty();
    }

    @Test
    void shouldAllocateNothing() {
        byte[] packet = udp(HOST, OWN);
        flows.sent(Packets.wrapped(Packets.udp(OWN, 5000, HOST, 7, new byte[8])), 1);

        assertThat(Allocations.bytes(PACKETS, () -> handle(packet))).isLessThan(PACKETS);
    }

    private void handle(byte[] packet) {
        path.handle(gateway, packet, 0, packet.length, 0, 1);
    }

    private static ClientResource resource(int number, String network) {
        return new ClientResource(new Resource.Cidr(new UUID(0, number), network, network, null, List.of(), List.of()));
    }

    private static byte[] udp(String source, String destination) {
        return Packets.udp(source, 7, destination, 5000, new byte[8]);
    }

    private static byte[] error(IcmpError.Cause cause, String source, String destination) {
        return error(cause, source, destination, source);
    }

    /** An error about a packet, sent to another address perhaps than the packet's source. */
    private static byte[] error(IcmpError.Cause cause, String source, String destination, String to) {
        byte[] error = new byte[IcmpError.MAX_LENGTH];
        int length = IcmpError.write(
                cause, Packets.wrapped(Packets.udp(source, 5000, destination, 7, new byte[8])), error, 0);
        IpAddress.parse(to).write(error, 16);
        return Arrays.copyOf(error, length);
    }

    private static Connection connection() {
        Connections connections = new Connections(
                KeyPair.generate(new Random(1)),
                Role.CONTROLLING,
                Timing.connection(),
                new Random(2),
                InstantSource.system(),
                new UnheardOutput());
        IceCredentials credentials = new IceCredentials("user", "0123456789012345678901");
        return connections.upsert(
                new UUID(0, 9),
                KeyPair.generate(new Random(3)).publicKey(),
                PresharedKey.NONE,
                credentials,
                credentials,
                1);
    }
}
