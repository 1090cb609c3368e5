package dev.sluice.functions.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.functions.sql.RequestException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResourceAddressTest {
    @Test
    void shouldNormaliseNetworksAndAddresses() {
        assertThat(ResourceAddress.normalise(ResourceType.CIDR, "172.20.5.1/16"))
                .isEqualTo("172.20.0.0/16");
        assertThat(ResourceAddress.normalise(ResourceType.CIDR, "172:20:0:0:1::/64"))
                .isEqualTo("172:20::/64");
        assertThat(ResourceAddress.normalise(ResourceType.IP, "2001:DB8:0:0:1:0:0:1"))
                .isEqualTo("2001:db8::1:0:0:1");
        assertThat(ResourceAddress.normalise(ResourceType.IP, "1.2.3.4")).isEqualTo("1.2.3.4");
        assertThat(ResourceAddress.normalise(ResourceType.DNS, "**.firez.one")).isEqualTo("**.firez.one");
    }

    @Test
    void shouldRefuseWhatBelongsToTheHostOrTheTunnel() {
        for (var network : List.of(
                "0.0.0.0/0",
                "::/0",
                "127.0.0.0/8",
                "127.1.0.0/16",
                "100.64.0.0/11",
                "100.0.0.0/8",
                "fd00:2021:1111::/107",
                "::1/128")) {
            assertThatThrownBy(() -> ResourceAddress.normalise(ResourceType.CIDR, network))
                    .as(network)
                    .isInstanceOf(RequestException.class);
        }
    }

    @Test
    void shouldRefuseWhatIsNoAddress() {
        for (var text : List.of("", "10.0.0.0", "10.0.0.0/33", "a/8", "10.0.0/8", "localhost/8", "300.1.2.0/24")) {
            assertThatThrownBy(() -> ResourceAddress.normalise(ResourceType.CIDR, text))
                    .as(text)
                    .isInstanceOf(RequestException.class);
        }
        for (var text : List.of("999.1.1.1", "300.1.2.3", "1.2.3", "example.com", "fe80::1%eth0", "1:2:3")) {
            assertThatThrownBy(() -> ResourceAddress.normalise(ResourceType.IP, text))
                    .as(text)
                    .isInstanceOf(RequestException.class)
                    .hasMessageContaining("is no IP address");
        }
        for (var text : List.of(
                "1.2.3.4", "999.1.1.1", "1.2.3", "a..b", "-a.com", "x.localhost", "x.LocalHost", "a.*", "**a.com")) {
            assertThatThrownBy(() -> ResourceAddress.normalise(ResourceType.DNS, text))
                    .as(text)
                    .isInstanceOf(RequestException.class);
        }
    }

    @Test
    void shouldRefuseAPatternForAllOfATopLevelDomain() {
        for (var text : List.of("*.com", "**.com", "?.org", "*.*.NET", "*?.info", "*.de", "**.uk")) {
            assertThatThrownBy(() -> ResourceAddress.normalise(ResourceType.DNS, text))
                    .as(text)
                    .isInstanceOf(RequestException.class)
                    .hasMessageContaining("every name under");
        }
        for (var text : List.of("*.co.uk", "*.example.com", "**.internal", "*.httpbin", "com")) {
            assertThat(ResourceAddress.normalise(ResourceType.DNS, text)).isEqualTo(text);
        }
    }

    @Test
    void shouldReadFiltersAsTheyAreWritten() {
        for (var text : List.of("icmp", "tcp", "udp:53", "tcp:80-90")) {
            assertThat(FilterText.format(FilterText.parse(text))).isEqualTo(text);
        }
        for (var text : List.of("icmp:1", "tcp:90-80", "tcp:65536", "sctp", "tcp:", "tcp:1-")) {
            assertThatThrownBy(() -> FilterText.parse(text)).as(text).isInstanceOf(RequestException.class);
        }
    }
}
