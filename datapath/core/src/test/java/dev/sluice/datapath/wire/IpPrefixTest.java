package dev.sluice.datapath.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpPrefixTest {
    @ParameterizedTest
    @CsvSource({
        "172.20.3.4/16, 172.20.0.0/16",
        "172.20.3.4/0, 0.0.0.0/0",
        "172.20.3.4/32, 172.20.3.4/32",
        "172.20.3.4, 172.20.3.4/32",
        "172:20::100/64, 172:20::/64",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/65, ffff:ffff:ffff:ffff:8000::/65",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/63, ffff:ffff:ffff:fffe::/63",
        "ffff::1/0, ::/0",
        "::1, ::1/128"
    })
    void shouldClearTheBitsThatDoNotCount(String text, String normal) {
        assertThat(IpPrefix.parse(text)).hasToString(normal).isEqualTo(IpPrefix.parse(normal));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/8", "1.2.3.4/", "1.2.3.4/33", "::/129", "1.2.3.4/-1", "1.2.3.4/+8", "1.2.3.4/8/8", "a/8"})
    void shouldRefuseWhatIsNoPrefix(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> IpPrefix.parse(text));
    }

    @Test
    void shouldContainItsAddressesAndNoOthers() {
        IpPrefix network = IpPrefix.parse("172.20.0.0/16");

        assertThat(network.contains(IpAddress.parse("172.20.255.255"))).isTrue();
        assertThat(network.contains(IpAddress.parse("172.21.0.0"))).isFalse();
        assertThat(network.contains(IpAddress.parse("::ffff:172.20.0.1"))).isFalse();
        assertThat(IpPrefix.parse("::/0").contains(IpAddress.parse("172.20.0.1")))
                .isFalse();
        assertThat(IpPrefix.parse("0.0.0.0/0").contains(IpAddress.parse("255.255.255.255")))
                .isTrue();
    }

    @Test
    void shouldTellNestingFromOverlap() {
        IpPrefix wide = IpPrefix.parse("10.0.0.0/8");
        IpPrefix narrow = IpPrefix.parse("10.1.0.0/16");

        assertThat(wide.contains(narrow)).isTrue();
        assertThat(narrow.contains(wide)).isFalse();
        assertThat(narrow.overlaps(wide)).isTrue();
        assertThat(narrow.overlaps(IpPrefix.parse("10.2.0.0/16"))).isFalse();
    }
}
