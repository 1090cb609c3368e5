package dev.sluice.datapath.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
    private static final long SEED = 0x1adde55L;

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0.0.0.0",
        "203.0.113.10, 203.0.113.10",
        "255.255.255.255, 255.255.255.255",
        "::, ::",
        "::1, ::1",
        "1::, 1::",
        "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
        "2001:0db8::0001, 2001:db8::1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:DB8::A, 2001:db8::a",
        "0:0:1::, 0:0:1::",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "::ffff:192.0.2.1, ::ffff:192.0.2.1",
        "::ffff:c000:201, ::ffff:192.0.2.1",
        "64:ff9b::192.0.2.33, 64:ff9b::c000:221",
        "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
        "fd00:2021:1111:8000:100:100:111:0, fd00:2021:1111:8000:100:100:111:0"
    })
    void shouldWriteWhatItReadInCanonicalForm(String text, String canonical) {
        assertThat(IpAddress.parse(text)).hasToString(canonical);
        assertThat(IpAddress.parse(canonical)).isEqualTo(IpAddress.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "localhost",
                "example.com",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.256",
                "1.2.3.04",
                "1.2.3.",
                "1.2.3.-4",
                "1.2.3.4 ",
                "0x1.2.3.4",
                "16909060",
                "１.2.3.4",
                ":",
                ":::",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                "1::2::3",
                "1:2:3:4:5:6:7:",
                ":1:2:3:4:5:6:7",
                "12345::",
                "g::",
                "fe80::1%eth0",
                "[::1]",
                "::1.2.3",
                "1.2.3.4::",
                "::1.2.3.4:5",
                "1:2:3:4:5:6:7:1.2.3.4"
            })
    void shouldRefuseWhatIsNoLiteral(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IpAddress.parse(text))
                .withMessage("not an IP address: \"" + text + "\"");
    }

    @Test
    void shouldRoundTripAnyAddressThroughTextAndBytes() {
        Random random = new Random(SEED);
        for (int i = 0; i < 20_000; i++) {
            IpAddress address = random.nextBoolean()
                    ? IpAddress.ipv4(random.nextInt())
                    : IpAddress.ipv6(sparse(random), sparse(random));
            byte[] bytes = new byte[IpAddress.IPV6_LENGTH + 3];
            address.write(bytes, 3);

            assertThat(IpAddress.parse(address.toString())).as("seed %x", SEED).isEqualTo(address);
            assertThat(IpAddress.read(bytes, 3, address.version())).isEqualTo(address);
            assertThat(address.matches(bytes, 3)).isTrue();
            bytes[3 + random.nextInt(address.byteLength())] ^= 1;
            assertThat(address.matches(bytes, 3)).isFalse();
        }
    }

    @Test
    void shouldKeepMappedAddressesApartFromIpv4() {
        assertThat(IpAddress.parse("::ffff:192.0.2.1")).isNotEqualTo(IpAddress.parse("192.0.2.1"));
        assertThat(IpAddress.parse("::192.0.2.1").version()).isEqualTo(6);
    }

    @Test
    void shouldTellSpecialAddresses() {
        assertThat(special(IpAddress::isLoopback)).containsExactly("127.0.0.1", "127.255.0.1", "::1");
        assertThat(special(IpAddress::isLinkLocal)).containsExactly("169.254.1.1", "fe80::1", "febf::1");
        assertThat(special(IpAddress::isMulticast)).containsExactly("224.0.0.1", "239.1.2.3", "ff02::1");
        assertThat(special(IpAddress::isUnspecified)).containsExactly("0.0.0.0", "::");
        assertThat(special(IpAddress::isBroadcast)).containsExactly("255.255.255.255");
    }

    @Test
    void shouldOrderByFamilyAndThenUnsigned() {
        List<String> sorted = Stream.of("ff02::1", "255.0.0.1", "::1", "1.2.3.4", "8000::", "0:0:0:ffff::")
                .map(IpAddress::parse)
                .sorted()
                .map(IpAddress::toString)
                .toList();

        assertThat(sorted).containsExactly("1.2.3.4", "255.0.0.1", "::1", "0:0:0:ffff::", "8000::", "ff02::1");
    }

    @Test
    void shouldRefuseValuesThatAreNoAddress() {
        assertThatIllegalArgumentException().isThrownBy(() -> new IpAddress(5, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new IpAddress(4, 1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new IpAddress(4, 0, 1L << 32));
    }

    private static List<String> special(java.util.function.Predicate<IpAddress> predicate) {
        return Stream.of(
                        "0.0.0.0",
                        "127.0.0.1",
                        "127.255.0.1",
                        "128.0.0.1",
                        "169.254.1.1",
                        "169.255.0.1",
                        "192.0.2.1",
                        "224.0.0.1",
                        "239.1.2.3",
                        "240.0.0.1",
                        "255.255.255.255",
                        "::",
                        "::1",
                        "::2",
                        "fe80::1",
                        "febf::1",
                        "fec0::1",
                        "fe00::1",
                        "ff02::1",
                        "fd00::1")
                .map(IpAddress::parse)
                .filter(predicate)
                .map(IpAddress::toString)
                .toList();
    }

    /** Half an IPv6 address with runs of zero groups. */
    private static long sparse(Random random) {
        long half = 0;
        for (int group : Arrays.asList(0, 1, 2, 3)) {
            half |= random.nextInt(3) == 0 ? (random.nextLong() & 0xffff) << 16 * group : 0;
        }
        return half;
    }
}
