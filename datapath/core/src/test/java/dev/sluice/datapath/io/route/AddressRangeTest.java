package dev.sluice.datapath.io.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPrefix;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AddressRangeTest {
    @Test
    void shouldJoinWhatOverlapsOrTouches() {
        assertThat(of(List.of("10.0.0.0/9", "10.128.0.0/9", "10.1.0.0/16", "192.0.2.0/24")))
                .containsExactly("10.0.0.0-11.0.0.0", "192.0.2.0-192.0.3.0");
    }

    @Test
    void shouldLetTheLongestPrefixDecide() {
        assertThat(of(List.of("0.0.0.0/0", "10.8.0.0/16", "192.0.2.0/24"), "10.0.0.0/8", "192.0.2.0/24"))
                .containsExactly("0.0.0.0-10.0.0.0", "10.8.0.0-10.9.0.0", "11.0.0.0-192.0.2.0", "192.0.3.0-end");
    }

    @Test
    void shouldAgreeWithALookUpOfEveryAddress() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            List<IpPrefix> inside = prefixes(random);
            List<IpPrefix> outside = prefixes(random);
            List<AddressRange> ranges = AddressRange.of(inside, outside);
            for (int last = 0; last < 256; last++) {
                IpAddress address = IpAddress.ipv4(10 << 24 | last);
                BigInteger number = BigInteger.valueOf(10L << 24 | last);
                boolean found = ranges.stream()
                        .anyMatch(range -> range.first().compareTo(number) <= 0
                                && range.end().compareTo(number) > 0);
                assertThat(found)
                        .as("seed %d, %s", seed, address)
                        .isEqualTo(longest(inside, address) > longest(outside, address));
            }
        }
    }

    private static List<IpPrefix> prefixes(Random random) {
        List<IpPrefix> prefixes = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            prefixes.add(new IpPrefix(IpAddress.ipv4(10 << 24 | random.nextInt(256)), 22 + random.nextInt(11)));
        }
        return prefixes;
    }

    private static int longest(List<IpPrefix> prefixes, IpAddress address) {
        return prefixes.stream()
                .filter(prefix -> prefix.contains(address))
                .map(IpPrefix::length)
                .max(Comparator.naturalOrder())
                .orElse(-1);
    }

    private static List<String> of(List<String> inside, String... outside) {
        return AddressRange.of(
                        inside.stream().map(IpPrefix::parse).toList(),
                        Stream.of(outside).map(IpPrefix::parse).toList())
                .stream()
                .map(range -> text(range.first()) + "-" + (range.isOpen(4) ? "end" : text(range.end())))
                .toList();
    }

    private static String text(BigInteger number) {
        return IpAddress.ipv4(number.intValue()).toString();
    }
}
