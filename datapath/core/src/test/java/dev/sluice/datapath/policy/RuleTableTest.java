package dev.sluice.datapath.policy;

import static dev.sluice.datapath.policy.Direction.INBOUND;
import static dev.sluice.datapath.policy.Direction.OUTBOUND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.channel.Filter;
import dev.sluice.channel.Filter.Protocol;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.IpPrefix;
import dev.sluice.datapath.wire.Packets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RuleTableTest {
    private static final long SEED = 0x5e1ec7L;
    private static final String CLIENT = "100.64.0.1";

    private final RuleTable<TestRule> table = new RuleTable<>();

    @Test
    void shouldChooseTheLongestNetworkThatPermits() {
        TestRule wide = rule(1, List.of(), "10.0.0.0/8");
        TestRule narrow = rule(2, List.of(), "10.1.0.0/16");
        table.replaceAll(List.of(wide, narrow));

        assertThat(select("10.1.2.3", 80)).isSameAs(narrow);
        assertThat(select("10.2.2.3", 80)).isSameAs(wide);
        assertThat(select("11.1.2.3", 80)).isNull();
    }

    @Test
    void shouldPreferAWideNetworkThatPermitsToANarrowOneThatDoesNot() {
        TestRule wide = rule(1, List.of(Filter.ports(Protocol.TCP, 443, 443)), "10.0.0.0/8");
        TestRule narrow = rule(2, List.of(Filter.ports(Protocol.TCP, 22, 22)), "10.1.0.0/16");
        table.replaceAll(List.of(narrow, wide));

        assertThat(select("10.1.2.3", 22)).isSameAs(narrow);
        assertThat(select("10.1.2.3", 443)).isSameAs(wide);
        assertThat(select("10.1.2.3", 80)).as("none permits: the longest").isSameAs(narrow);
    }

    @Test
    void shouldChooseTheSmallerIdAmongEqualNetworks() {
        TestRule one = rule(1, List.of(), "10.0.0.0/8");
        TestRule two = rule(2, List.of(), "10.0.0.0/8");
        table.replaceAll(List.of(two, one));

        assertThat(select("10.1.2.3", 80)).isSameAs(one);
    }

    @Test
    void shouldDecideInboundPacketsByTheirSource() {
        TestRule rule = rule(1, List.of(), "10.0.0.0/8");
        table.replaceAll(List.of(rule));
        IpPacket response = Packets.wrapped(Packets.udp("10.0.0.1", 53, CLIENT, 1, new byte[0]));

        assertThat(table.select(response, INBOUND, 0)).isSameAs(rule);
        assertThat(table.select(response, OUTBOUND, 0)).isNull();
    }

    @Test
    void shouldAgreeWithSortingAllCandidates() {
        Random random = new Random(SEED);
        for (int round = 0; round < 300; round++) {
            List<TestRule> rules = new ArrayList<>();
            for (int i = random.nextInt(12); i > 0; i--) {
                rules.add(rule(i, filters(random), prefix(random), prefix(random)));
            }
            table.replaceAll(rules);
            for (int i = 0; i < 50; i++) {
                String address = new IpAddress(4, 0, 0x0a000000 | random.nextInt(256)).toString();
                int port = random.nextInt(4);
                assertThat(select(address, port))
                        .as("seed %x: %s port %d among %s", SEED, address, port, rules)
                        .isSameAs(sorted(rules, IpAddress.parse(address), port));
            }
        }
    }

    /** The rule as datapath's specification words it. */
    private static @Nullable TestRule sorted(List<TestRule> rules, IpAddress address, int port) {
        IpPacket packet = packet(address.toString(), port);
        return rules.stream()
                .filter(rule -> rule.length(address) >= 0)
                .min(Comparator.comparing((TestRule rule) -> !rule.permits(packet, OUTBOUND, 0))
                        .thenComparing(rule -> -rule.length(address))
                        .thenComparing(TestRule::resource))
                .orElse(null);
    }

    private @Nullable TestRule select(String address, int port) {
        return table.select(packet(address, port), OUTBOUND, 0);
    }

    private static IpPacket packet(String address, int port) {
        return Packets.wrapped(Packets.tcp(CLIENT, 1, address, port, 0, new byte[0]));
    }

    private static List<Filter> filters(Random random) {
        return random.nextInt(4) == 0
                ? List.of()
                : List.of(Filter.ports(Protocol.TCP, random.nextInt(4), 3), Filter.all(Protocol.ICMP));
    }

    private static String prefix(Random random) {
        return "10.0.0." + random.nextInt(256) + "/" + (22 + random.nextInt(11));
    }

    private static TestRule rule(long id, List<Filter> filters, String... networks) {
        List<IpPrefix> prefixes =
                Arrays.stream(networks).map(IpPrefix::parse).distinct().toList();
        return new TestRule(new UUID(0, id), prefixes, PacketFilter.compile(filters));
    }

    private record TestRule(UUID resource, List<IpPrefix> networks, PacketFilter filter) implements Rule {
        @Override
        public boolean permits(IpPacket packet, Direction direction, long now) {
            return filter.permits(packet, direction);
        }

        int length(IpAddress address) {
            return networks.stream()
                    .filter(network -> network.contains(address))
                    .mapToInt(IpPrefix::length)
                    .max()
                    .orElse(-1);
        }
    }
}
