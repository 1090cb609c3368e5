package dev.sluice.datapath.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PrefixTableTest {
    private static final long SEED = 0x7ab1eL;

    @Test
    void shouldChooseTheLongestPrefix() {
        PrefixTable<String> table = table("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "10.1.2.3/32", "::/0", "fd00::/8");

        assertThat(table.lookup(IpAddress.parse("10.1.2.3"))).isEqualTo("10.1.2.3/32");
        assertThat(table.lookup(IpAddress.parse("10.1.2.4"))).isEqualTo("10.1.0.0/16");
        assertThat(table.lookup(IpAddress.parse("10.2.2.4"))).isEqualTo("10.0.0.0/8");
        assertThat(table.lookup(IpAddress.parse("192.0.2.1"))).isEqualTo("0.0.0.0/0");
        assertThat(table.lookup(IpAddress.parse("fd12::1"))).isEqualTo("fd00::/8");
        assertThat(table.lookup(IpAddress.parse("::ffff:10.1.2.3"))).isEqualTo("::/0");
    }

    @Test
    void shouldFindNothingOutsideOfItsPrefixes() {
        PrefixTable<String> table = table("10.1.0.0/16", "10.2.0.0/16");

        assertThat(table.lookup(IpAddress.parse("10.3.0.1"))).isNull();
        assertThat(table.lookup(IpAddress.parse("::1"))).isNull();
        assertThat(table.get(IpPrefix.parse("10.0.0.0/14"))).isNull();
        assertThat(new PrefixTable<String>().lookup(IpAddress.parse("10.3.0.1")))
                .isNull();
    }

    @Test
    void shouldLookUpByBothEndsOfAPacket() {
        PrefixTable<String> table = table("192.0.2.0/24", "198.51.100.0/24", "2001:db8:1::/48", "2001:db8:2::/48");
        IpPacket ipv4 = Packets.wrapped(Packets.echoRequest("192.0.2.1", "198.51.100.2", new byte[0]));
        IpPacket ipv6 = Packets.wrapped(Packets.echoRequest("2001:db8:1::1", "2001:db8:2::1", new byte[0]));

        assertThat(table.lookupSource(ipv4)).isEqualTo("192.0.2.0/24");
        assertThat(table.lookupDestination(ipv4)).isEqualTo("198.51.100.0/24");
        assertThat(table.lookupSource(ipv6)).isEqualTo("2001:db8:1::/48");
        assertThat(table.lookupDestination(ipv6)).isEqualTo("2001:db8:2::/48");
    }

    @Test
    void shouldAgreeWithASearchThroughAllPrefixes() {
        Random random = new Random(SEED);
        PrefixTable<Integer> table = new PrefixTable<>();
        Map<IpPrefix, Integer> model = new TreeMap<>();
        for (int step = 0; step < 20_000; step++) {
            IpPrefix prefix = prefix(random);
            switch (random.nextInt(4)) {
                case 0, 1 ->
                    assertThat(table.put(prefix, step))
                            .as("seed %x step %d", SEED, step)
                            .isEqualTo(model.put(prefix, step));
                case 2 ->
                    assertThat(table.remove(prefix))
                            .as("seed %x step %d", SEED, step)
                            .isEqualTo(model.remove(prefix));
                default -> assertThat(table.get(prefix)).isEqualTo(model.get(prefix));
            }
            IpAddress address = prefix(random).network();
            assertThat(table.lookup(address))
                    .as("seed %x step %d %s", SEED, step, address)
                    .isEqualTo(longest(model, address));
            assertThat(table.size()).isEqualTo(model.size());
        }
        List<IpPrefix> order = new ArrayList<>();
        table.forEach((prefix, value) -> order.add(prefix));
        assertThat(order).containsExactlyElementsOf(model.keySet());

        model.keySet().forEach(table::remove);
        assertThat(table.isEmpty()).isTrue();
    }

    private static @Nullable Integer longest(Map<IpPrefix, Integer> model, IpAddress address) {
        return model.entrySet().stream()
                .filter(entry -> entry.getKey().contains(address))
                .max(Comparator.comparingInt(entry -> entry.getKey().length()))
                .map(Map.Entry::getValue)
                .orElse(null);
    }

    /** Few enough different bits that prefixes nest and meet often. */
    private static IpPrefix prefix(Random random) {
        if (random.nextBoolean()) {
            return new IpPrefix(IpAddress.ipv4(random.nextInt() & 0xe0c00003), random.nextInt(33));
        }
        long high = random.nextLong() & 0xc000_0000_0000_0003L;
        long low = random.nextLong() & 0xc000_0000_0000_0001L;
        return new IpPrefix(IpAddress.ipv6(high, low), random.nextInt(129));
    }

    private static PrefixTable<String> table(String... prefixes) {
        PrefixTable<String> table = new PrefixTable<>();
        for (String prefix : prefixes) {
            table.put(IpPrefix.parse(prefix), prefix);
        }
        return table;
    }
}
