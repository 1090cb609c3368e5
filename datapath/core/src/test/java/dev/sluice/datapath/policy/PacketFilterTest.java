package dev.sluice.datapath.policy;

import static dev.sluice.channel.Filter.Protocol.ICMP;
import static dev.sluice.channel.Filter.Protocol.TCP;
import static dev.sluice.channel.Filter.Protocol.UDP;
import static dev.sluice.datapath.policy.Direction.INBOUND;
import static dev.sluice.datapath.policy.Direction.OUTBOUND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Filter;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.Packets;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PacketFilterTest {
    private static final long SEED = 0xf117e5L;
    private static final String CLIENT = "100.64.0.1";
    private static final String RESOURCE = "172.20.0.100";
    private static final int GRE = 47;

    @Test
    void shouldPermitEverythingWithoutFilters() {
        PacketFilter filter = PacketFilter.compile(List.of());

        assertThat(filter.permits(tcpTo(80), OUTBOUND)).isTrue();
        assertThat(filter.permits(udpTo(53), OUTBOUND)).isTrue();
        assertThat(filter.permits(echo(), OUTBOUND)).isTrue();
        assertThat(filter.permits(gre(), OUTBOUND)).isTrue();
    }

    @Test
    void shouldPermitOnlyWhatIsListed() {
        PacketFilter filter = PacketFilter.compile(List.of(Filter.ports(TCP, 80, 90), Filter.ports(UDP, 53, 53)));

        assertThat(filter.permits(tcpTo(79), OUTBOUND)).isFalse();
        assertThat(filter.permits(tcpTo(80), OUTBOUND)).isTrue();
        assertThat(filter.permits(tcpTo(90), OUTBOUND)).isTrue();
        assertThat(filter.permits(tcpTo(91), OUTBOUND)).isFalse();
        assertThat(filter.permits(udpTo(53), OUTBOUND)).isTrue();
        assertThat(filter.permits(udpTo(80), OUTBOUND)).isFalse();
        assertThat(filter.permits(echo(), OUTBOUND)).isFalse();
        assertThat(filter.permits(gre(), OUTBOUND)).isFalse();
    }

    @Test
    void shouldPermitAWholeProtocol() {
        PacketFilter filter = PacketFilter.compile(List.of(Filter.ports(TCP, 80, 80), Filter.all(TCP)));

        assertThat(filter.permits(tcpTo(0), OUTBOUND)).isTrue();
        assertThat(filter.permits(tcpTo(65535), OUTBOUND)).isTrue();
        assertThat(filter.permits(udpTo(80), OUTBOUND)).isFalse();
    }

    @Test
    void shouldPermitEveryTypeOfIcmpInBothFamilies() {
        PacketFilter filter = PacketFilter.compile(List.of(Filter.all(ICMP)));

        assertThat(filter.permits(echo(), OUTBOUND)).isTrue();
        assertThat(filter.permits(Packets.wrapped(Packets.icmp(CLIENT, RESOURCE, 13, 0, new byte[12])), OUTBOUND))
                .isTrue();
        assertThat(filter.permits(Packets.wrapped(Packets.echoRequest("fd00::1", "172:20::1", new byte[0])), OUTBOUND))
                .isTrue();
        assertThat(filter.permits(tcpTo(80), OUTBOUND)).isFalse();
    }

    @Test
    void shouldSayWhatPasses() {
        assertThat(PacketFilter.permitAll()).hasToString("everything");
        assertThat(PacketFilter.compile(List.of(
                        Filter.ports(Filter.Protocol.TCP, 443, 443),
                        Filter.ports(Filter.Protocol.TCP, 80, 90),
                        Filter.all(Filter.Protocol.UDP),
                        Filter.all(Filter.Protocol.ICMP))))
                .hasToString("tcp:80-90,443 udp icmp");
    }

    @Test
    void shouldLookAtTheResourcesPortInEitherDirection() {
        PacketFilter filter = PacketFilter.compile(List.of(Filter.ports(TCP, 443, 443)));
        IpPacket request = Packets.wrapped(Packets.tcp(CLIENT, 50000, RESOURCE, 443, 0, new byte[0]));
        IpPacket response = Packets.wrapped(Packets.tcp(RESOURCE, 443, CLIENT, 50000, 0, new byte[0]));

        assertThat(filter.permits(request, OUTBOUND)).isTrue();
        assertThat(filter.permits(response, OUTBOUND)).isFalse();
        assertThat(filter.permits(response, INBOUND)).isTrue();
        assertThat(filter.permits(request, INBOUND)).isFalse();
    }

    @Test
    void shouldAgreeWithASearchThroughTheList() {
        Random random = new Random(SEED);
        for (int round = 0; round < 200; round++) {
            List<Filter> filters = IntStream.range(0, 1 + random.nextInt(12))
                    .mapToObj(i -> range(random))
                    .toList();
            PacketFilter compiled = PacketFilter.compile(filters);
            for (int port = 0; port < 130; port++) {
                int probe = port;
                assertThat(compiled.permits(tcpTo(probe), OUTBOUND))
                        .as("seed %x: %s, port %d", SEED, filters, port)
                        .isEqualTo(filters.stream()
                                .anyMatch(filter -> filter.ports() != null
                                        && filter.ports().start() <= probe
                                        && probe <= filter.ports().end()));
            }
        }
    }

    private static Filter range(Random random) {
        int start = random.nextInt(120);
        return Filter.ports(TCP, start, start + random.nextInt(10));
    }

    private static IpPacket tcpTo(int port) {
        return Packets.wrapped(Packets.tcp(CLIENT, 50000, RESOURCE, port, 0, new byte[0]));
    }

    private static IpPacket udpTo(int port) {
        return Packets.wrapped(Packets.udp(CLIENT, 50000, RESOURCE, port, new byte[0]));
    }

    private static IpPacket echo() {
        return Packets.wrapped(Packets.echoRequest(CLIENT, RESOURCE, new byte[0]));
    }

    private static IpPacket gre() {
        return Packets.wrapped(Packets.ip(CLIENT, RESOURCE, GRE, new byte[8]));
    }
}
