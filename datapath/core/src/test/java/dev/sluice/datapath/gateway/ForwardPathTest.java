package dev.sluice.datapath.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Filter;
import dev.sluice.datapath.connectivity.Connections;
import dev.sluice.datapath.connectivity.IceCredentials;
import dev.sluice.datapath.connectivity.Role;
import dev.sluice.datapath.connectivity.UnheardOutput;
import dev.sluice.datapath.policy.Grant;
import dev.sluice.datapath.policy.PacketFilter;
import dev.sluice.datapath.portal.TunnelSettings;
import dev.sluice.datapath.wire.Allocations;
import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.IcmpError;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.IpPrefix;
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
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What may pass the gateway. ICMP errors towards the client are seen in the ledger as originated. */
class ForwardPathTest {
    private static final int PACKETS = 20_000;
    private static final UUID CLIENT = new UUID(0, 1);
    private static final UUID NETWORK = new UUID(0, 2);
    private static final String OWN = "100.64.0.5";
    private static final String GATEWAY = "100.64.0.1";
    private static final String HOST = "172.20.0.1";

    private final List<byte[]> tun = new ArrayList<>();
    private boolean hostTakes = true;
    private final PacketLedger ledger = new PacketLedger();
    private final ClientPeers clients = new ClientPeers();
    private final Connections connections = new Connections(
            KeyPair.generate(new Random(1)),
            Role.CONTROLLED,
            Timing.connection(),
            new Random(2),
            InstantSource.system(),
            new UnheardOutput());
    private final ForwardPath path = new ForwardPath(
            clients,
            connections,
            new Refusals(connections, ledger),
            ledger,
            (buffer, offset, length, segmentSize) -> hostTakes && tun.add(buffer));
    private final ClientPeer client =
            clients.upsert(CLIENT, IpAddress.parse(OWN), IpAddress.parse("fd00:2021:1111::5"));
    private long now = 1;

    @BeforeEach
    void connect() {
        path.tunnel(new TunnelSettings(IpAddress.parse(GATEWAY), IpAddress.parse("fd00:2021:1111::1"), List.of()));
        IceCredentials credentials = new IceCredentials("user", "0123456789012345678901");
        client.connection(connections.upsert(
                CLIENT, KeyPair.generate(new Random(3)).publicKey(), PresharedKey.NONE, credentials, credentials, now));
    }

    @AfterEach
    void shouldAccountForEveryPacket() {
        assertThat(ledger.counts().balanced()).isTrue();
    }

    @Test
    void shouldPassWhatIsGranted() {
        grant(Grant.NEVER);
        fromClient(udp(OWN, HOST, 7));
        fromTun(udp(HOST, OWN, 7));

        assertThat(tun).hasSize(1);
        assertThat(ledger.delivered()).isEqualTo(2);
    }

    /** A super-packet is decided once, and counts as what it stands for. */
    @Test
    void shouldCountThePacketsThatASuperPacketStandsFor() {
        grant(Grant.NEVER);
        byte[] stream = Packets.tcp(OWN, 5000, HOST, 80, TcpHeader.ACK, new byte[1_000]);
        path.fromClient(client, stream, 0, stream.length, 100, now);
        byte[] answer = Packets.tcp(HOST, 80, OWN, 5000, TcpHeader.ACK, new byte[500]);
        path.fromTun(answer, 0, answer.length, 100, now);
        assertThat(traffic().sent()).isEqualTo(10);
        assertThat(traffic().answered()).isEqualTo(5);
        byte[] elsewhere = Packets.tcp(OWN, 5000, "10.0.0.1", 80, TcpHeader.ACK, new byte[1_000]);
        path.fromClient(client, elsewhere, 0, elsewhere.length, 300, now);
        byte[] impossible = udp(OWN, HOST, 7);
        path.fromClient(client, impossible, 0, impossible.length, 2_000, now);

        assertThat(ledger.received()).isEqualTo(10 + 5 + 4 + 1);
        assertThat(ledger.delivered() - ledger.originated()).isEqualTo(10 + 5);
        assertThat(ledger.dropped(DropReason.NO_GRANT)).isEqualTo(4);
        assertThat(ledger.dropped(DropReason.MALFORMED)).isEqualTo(1);
        assertThat(tun).hasSize(1);
    }

    @Test
    void shouldDropAndCountWhatTheHostDoesNotTake() {
        grant(Grant.NEVER);
        hostTakes = false;
        fromClient(udp(OWN, HOST, 7));

        assertThat(ledger.dropped(DropReason.WRITE_FAILED)).isEqualTo(1);
        assertThat(ledger.delivered()).isZero();
    }

    @Test
    void shouldCountWhatAResourceAnswers() {
        grant(Grant.NEVER);
        now = 5;
        fromClient(udp(OWN, HOST, 7));
        now = 6;
        fromClient(udp(OWN, "172.20.0.2", 7));

        assertThat(traffic())
                .isEqualTo(new GatewayStatus.TrafficStatus(
                        NETWORK,
                        2,
                        0,
                        new GatewayStatus.Unanswered(IpAddress.parse(OWN), IpAddress.parse("172.20.0.2"), 5, 6)));

        fromTun(udp(HOST, OWN, 7));
        assertThat(traffic()).isEqualTo(new GatewayStatus.TrafficStatus(NETWORK, 2, 1, null));
        assertThat(path.traffic(Set.of())).isEmpty();
    }

    @Test
    void shouldNotWaitForAnAnswerToAConnectionsLastAcknowledgment() {
        grant(Grant.NEVER);
        fromClient(Packets.tcp(OWN, 5000, HOST, 80, TcpHeader.SYN, new byte[0]));
        assertThat(traffic().unanswered()).isNotNull();
        fromTun(Packets.tcp(HOST, 80, OWN, 5000, TcpHeader.SYN | TcpHeader.ACK, new byte[0]));

        fromClient(Packets.tcp(OWN, 5000, HOST, 80, TcpHeader.ACK, new byte[0]));
        assertThat(traffic()).isEqualTo(new GatewayStatus.TrafficStatus(NETWORK, 2, 1, null));

        fromClient(Packets.tcp(OWN, 5000, HOST, 80, TcpHeader.RST, new byte[0]));
        assertThat(traffic().unanswered()).isNull();
        fromClient(Packets.tcp(OWN, 5000, HOST, 80, TcpHeader.ACK, new byte[4]));
        assertThat(traffic().unanswered()).isNotNull();
    }

    @Test
    void shouldTakeARoutersErrorForNoAnswerOfTheResource() {
        grant(Grant.NEVER);
        byte[] packet = udp(OWN, HOST, 7);
        fromClient(packet);
        byte[] error = error(packet);
        fromTun(Packets.icmp("172.31.0.1", OWN, 3, 1, Arrays.copyOfRange(error, 28, error.length)));
        assertThat(traffic().answered()).isZero();

        fromTun(error);
        assertThat(traffic().answered()).isEqualTo(1);
    }

    @Test
    void shouldRefuseWithoutAGrant() {
        fromClient(udp(OWN, HOST, 7));

        assertThat(tun).isEmpty();
        assertThat(ledger.dropped(DropReason.NO_GRANT)).isEqualTo(1);
        assertThat(ledger.originated()).isEqualTo(1);
    }

    @Test
    void shouldRefuseFromTheVeryInstantOfExpiry() {
        grant(now + 1000);
        now += 999;
        fromClient(udp(OWN, HOST, 7));
        now++;
        fromClient(udp(OWN, HOST, 7));
        fromTun(udp(HOST, OWN, 7));

        assertThat(tun).hasSize(1);
        assertThat(ledger.dropped(DropReason.GRANT_EXPIRED)).isEqualTo(2);
        assertThat(ledger.originated()).isEqualTo(2);
    }

    @Test
    void shouldRefuseOutsideTheFilters() {
        grant(Grant.NEVER, Filter.ports(Filter.Protocol.TCP, 80, 90));
        fromClient(tcp(OWN, HOST, 80));
        fromClient(tcp(OWN, HOST, 91));
        fromClient(udp(OWN, HOST, 80));

        assertThat(tun).hasSize(1);
        assertThat(ledger.dropped(DropReason.FILTERED)).isEqualTo(2);
    }

    @Test
    void shouldRefuseAnotherClientsAddress() {
        grant(Grant.NEVER);
        clients.upsert(new UUID(0, 9), IpAddress.parse("100.64.0.9"), IpAddress.parse("fd00:2021:1111::9"));
        fromClient(udp("100.64.0.9", HOST, 7));
        fromClient(udp("10.0.0.1", HOST, 7));

        assertThat(tun).isEmpty();
        assertThat(ledger.dropped(DropReason.WRONG_SOURCE)).isEqualTo(2);
    }

    @Test
    void shouldNeverAnswerAnError() {
        byte[] error = new byte[IcmpError.MAX_LENGTH];
        int length = IcmpError.write(IcmpError.Cause.PROHIBITED, Packets.wrapped(udp(HOST, OWN, 7)), error, 0);
        path.fromClient(client, error, 0, length, 0, now);
        path.fromTun(error, 0, length, 0, now);

        assertThat(ledger.originated()).isZero();
        assertThat(ledger.dropped()).isEqualTo(2);
    }

    @Test
    void shouldBoundItsErrors() {
        for (int i = 0; i < 100; i++) {
            fromClient(udp(OWN, HOST, 7));
        }
        assertThat(ledger.originated()).isEqualTo(20);
        assertThat(client.errors().suppressed()).isEqualTo(80);

        now += 1_000_000_000L;
        for (int i = 0; i < 100; i++) {
            fromClient(udp(OWN, HOST, 7));
        }
        assertThat(ledger.originated()).isEqualTo(30);
    }

    @Test
    void shouldNotSpendAResourcesErrorsOnPacketsOfOthers() {
        grant(Grant.NEVER, Filter.ports(Filter.Protocol.TCP, 80, 80));
        fromClient(udp(OWN, HOST, 7));
        for (int i = 0; i < 100; i++) {
            fromClient(udp("100.64.0.77", "10.0.0.1", 7));
        }
        long before = ledger.originated();
        fromClient(udp(OWN, HOST, 7));

        assertThat(ledger.originated()).isEqualTo(before + 1);
    }

    @Test
    void shouldSpendErrorsOnlyOnWhatIsAnswered() {
        byte[] fragment = udp(OWN, HOST, 7);
        fragment[7] |= 0x20;
        byte[] error = error(udp(OWN, HOST, 7));
        for (int i = 0; i < 100; i++) {
            fromClient(fragment);
            fromTun(error);
        }
        fromClient(udp(OWN, HOST, 7));

        assertThat(ledger.originated()).isEqualTo(1);
        assertThat(client.errors().suppressed()).isZero();
    }

    /** A first part of a granted flow and its later ones, which live by the grant and not by what the first one met. */
    @Test
    void shouldPassPartsWhereTheirFirstOneMayPassAndWhileItMay() {
        grant(now + 1000, Filter.ports(Filter.Protocol.UDP, 7, 7));
        byte[] first = udp(OWN, HOST, 7);
        first[6] = 0x20;
        byte[] later = Arrays.copyOf(first, first.length);
        later[6] = 0x20;
        later[7] = 2;
        byte[] last = Arrays.copyOf(first, first.length);
        last[6] = 0;
        last[7] = 4;
        fromClient(first);
        fromClient(later);
        assertThat(tun).hasSize(2);
        now += 1000;
        fromClient(last);

        assertThat(tun).hasSize(2);
        assertThat(ledger.dropped(DropReason.GRANT_EXPIRED)).isEqualTo(1);
        assertThat(ledger.originated()).as("a later part is not answered").isZero();
    }

    /** "Prohibited" would have the client ask for what it has. */
    @Test
    void shouldAnswerAPartThatMayNotPassWithoutCausingAnAsk() {
        byte[] first = udp(OWN, HOST, 7);
        first[6] = 0x20;
        fromClient(first);
        fromTun(first);

        assertThat(ledger.dropped(DropReason.NO_GRANT)).isEqualTo(1);
        assertThat(ledger.originated()).isEqualTo(1);
        assertThat(Refusals.cause(wrapped(first))).isEqualTo(IcmpError.Cause.HOST_UNREACHABLE);
        assertThat(Refusals.cause(wrapped(udp(OWN, HOST, 7)))).isEqualTo(IcmpError.Cause.PROHIBITED);
    }

    @Test
    void shouldTellAClientThatOnlyReceives() {
        fromTun(Packets.tcp(HOST, 80, OWN, 5000, TcpHeader.ACK, 1, 2, new byte[100]));

        assertThat(ledger.dropped(DropReason.NO_GRANT)).isEqualTo(1);
        assertThat(ledger.originated()).isEqualTo(1);
    }

    @Test
    void shouldDropSilentlyWhatTheFiltersKeepFromAClient() {
        grant(Grant.NEVER, Filter.ports(Filter.Protocol.TCP, 80, 80));
        fromTun(udp(HOST, OWN, 7));

        assertThat(ledger.dropped(DropReason.FILTERED)).isEqualTo(1);
        assertThat(ledger.originated()).isZero();
    }

    /** A server that a client has reached once is not to reach the client's other ports, whichever port it uses. */
    @Test
    void shouldPassOnlyAnswersToTheClient() {
        grant(
                Grant.NEVER,
                Filter.ports(Filter.Protocol.TCP, 8088, 8088),
                Filter.ports(Filter.Protocol.UDP, 8088, 8088));
        fromClient(Packets.tcp(OWN, 5000, HOST, 8088, TcpHeader.SYN, new byte[0]));
        fromTun(Packets.tcp(HOST, 8088, OWN, 5000, TcpHeader.SYN | TcpHeader.ACK, new byte[0]));
        assertThat(ledger.delivered()).isEqualTo(2);

        fromTun(Packets.tcp(HOST, 8088, OWN, 22, TcpHeader.SYN, new byte[0]));
        fromTun(Packets.tcp(HOST, 8088, OWN, 5000, TcpHeader.SYN, new byte[0]));
        fromTun(Packets.udp(HOST, 8088, OWN, 8088, new byte[1]));
        fromTun(Packets.tcp("172.20.0.2", 8088, OWN, 5000, TcpHeader.SYN | TcpHeader.ACK, new byte[0]));

        assertThat(ledger.delivered()).isEqualTo(2);
        assertThat(ledger.dropped(DropReason.UNSOLICITED)).isEqualTo(4);
        assertThat(ledger.originated()).isZero();
    }

    @Test
    void shouldKeepWhatTheClientOpenedWhenItComesBack() {
        grant(Grant.NEVER);
        fromClient(udp(OWN, HOST, 7));
        client.grants().remove(NETWORK, 1);
        client.connection(null);
        connect();
        client.grants().put(grant(Grant.NEVER, 2));
        fromTun(udp(HOST, OWN, 7));

        assertThat(ledger.delivered()).isEqualTo(2);
    }

    @Test
    void shouldServeNothingOfItsHostButPings() {
        grant(Grant.NEVER);
        fromClient(Packets.tcp(OWN, 5000, GATEWAY, 22, TcpHeader.SYN, new byte[0]));
        fromClient(Packets.tcp(OWN, 5000, GATEWAY, 13010, TcpHeader.SYN, new byte[0]));
        fromClient(udp(OWN, GATEWAY, 53));
        fromTun(udp(GATEWAY, OWN, 53));

        assertThat(tun).isEmpty();
        assertThat(ledger.dropped(DropReason.FILTERED)).isEqualTo(3);
        assertThat(ledger.dropped(DropReason.UNSOLICITED)).isEqualTo(1);
    }

    @Test
    void shouldPassAnErrorAboutAPacketThatWasPermitted() {
        grant(Grant.NEVER);
        fromClient(udp(OWN, HOST, 7));
        byte[] mine = error(udp(OWN, HOST, 7));
        byte[] others = error(udp("100.64.0.77", HOST, 7));
        // Both errors are sent to this client, as a router with a stale table could.
        IpAddress.parse(OWN).write(others, 16);
        fromTun(mine);
        fromTun(others);
        fromTun(error(udp(OWN, HOST, 8)));

        assertThat(ledger.delivered()).isEqualTo(2);
        assertThat(ledger.dropped(DropReason.UNSOLICITED)).isEqualTo(1);
        assertThat(ledger.dropped(DropReason.NO_GRANT)).isEqualTo(1);
    }

    @Test
    void shouldLetOnlyClientsWithAGrantReachTheGateway() {
        byte[] ping = Packets.echoRequest(OWN, GATEWAY, new byte[8]);
        fromClient(ping);
        assertThat(tun).isEmpty();

        grant(Grant.NEVER);
        fromClient(ping);
        fromTun(Packets.echoReply(GATEWAY, OWN, new byte[8]));

        assertThat(tun).hasSize(1);
        assertThat(ledger.delivered() - ledger.originated()).isEqualTo(2);
        assertThat(ledger.dropped()).isEqualTo(1);
    }

    @Test
    void shouldDropWhatIsForNobody() {
        fromTun(udp(HOST, "100.64.0.99", 7));
        fromTun(udp(HOST, "224.0.0.1", 7));
        fromTun(new byte[] {0x45, 0, 0});

        assertThat(ledger.dropped(DropReason.UNKNOWN_PEER)).isEqualTo(1);
        assertThat(ledger.dropped(DropReason.MULTICAST)).isEqualTo(1);
        assertThat(ledger.dropped(DropReason.MALFORMED)).isEqualTo(1);
    }

    @Test
    void shouldAllocateNothing() {
        grant(Grant.NEVER);
        byte[] up = udp(OWN, HOST, 7);
        byte[] down = udp(HOST, OWN, 7);
        int[] passed = new int[1];
        ForwardPath counting = new ForwardPath(
                clients,
                connections,
                new Refusals(connections, ledger),
                ledger,
                (buffer, offset, length, segmentSize) -> passed[0]++ >= 0);

        long bytes = Allocations.bytes(PACKETS, () -> {
            counting.fromClient(client, up, 0, up.length, 0, now);
            counting.fromTun(down, 0, down.length, 0, now);
        });

        assertThat(bytes).isLessThan(PACKETS);
        assertThat(passed[0]).isGreaterThanOrEqualTo(PACKETS);
    }

    private void grant(long deadline, Filter... filters) {
        client.grants().put(grant(deadline, 1, filters));
    }

    private static Grant grant(long deadline, long generation, Filter... filters) {
        return new Grant(
                CLIENT,
                NETWORK,
                List.of(IpPrefix.parse("172.20.0.0/16")),
                PacketFilter.compile(List.of(filters)),
                Grant.NEVER,
                deadline,
                generation);
    }

    private void fromClient(byte[] packet) {
        path.fromClient(client, packet, 0, packet.length, 0, now);
    }

    private void fromTun(byte[] packet) {
        path.fromTun(packet, 0, packet.length, 0, now);
    }

    private GatewayStatus.TrafficStatus traffic() {
        return path.traffic(Set.of(NETWORK)).getFirst();
    }

    private static byte[] error(byte[] packet) {
        byte[] error = new byte[IcmpError.MAX_LENGTH];
        int length = IcmpError.write(IcmpError.Cause.HOST_UNREACHABLE, Packets.wrapped(packet), error, 0);
        return Arrays.copyOf(error, length);
    }

    private static byte[] udp(String source, String destination, int port) {
        return Packets.udp(source, port, destination, port, new byte[8]);
    }

    private static byte[] tcp(String source, String destination, int port) {
        return Packets.tcp(source, 5000, destination, port, TcpHeader.SYN, new byte[0]);
    }

    private static IpPacket wrapped(byte[] bytes) {
        IpPacket packet = new IpPacket();
        packet.wrap(bytes, 0, bytes.length);
        return packet;
    }
}
