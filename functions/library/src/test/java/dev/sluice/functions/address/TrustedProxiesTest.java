package dev.sluice.functions.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustedProxiesTest {
    private static final TrustedProxies PROXIES = TrustedProxies.of(List.of("10.0.0.1", "192.0.2.0/24", "fd00:1::/32"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.9      | 198.51.100.1                          | 203.0.113.9",
                "10.0.0.1         | 203.0.113.9                           | 203.0.113.9",
                "10.0.0.1         | 198.51.100.1, 203.0.113.9             | 203.0.113.9",
                "10.0.0.1         | 198.51.100.1, 203.0.113.9, 192.0.2.7  | 203.0.113.9",
                "10.0.0.1         | 192.0.2.8,192.0.2.7                   | 192.0.2.8",
                "10.0.0.1         | 203.0.113.9:51234                     | 203.0.113.9",
                "fd00:1::1        | [2001:db8::1]:51234                   | 2001:db8:0:0:0:0:0:1",
                "fd00:1::1        | 2001:db8::1                           | 2001:db8:0:0:0:0:0:1"
            })
    void shouldTakeTheRightMostAddressThatIsNotTrusted(String peer, String forwarded, String client) {
        assertThat(PROXIES.origin(peer, List.of(forwarded), null, null).remoteIp())
                .isEqualTo(client);
    }

    @Test
    void shouldReadSeveralHeadersAsOneList() {
        assertThat(PROXIES.origin("10.0.0.1", List.of("198.51.100.1", "203.0.113.9"), null, null)
                        .remoteIp())
                .isEqualTo("203.0.113.9");
        assertThat(PROXIES.origin("10.0.0.1", List.of(), null, null).remoteIp()).isEqualTo("10.0.0.1");
    }

    @Test
    void shouldKnowNoAddressWhereAProxyNamesNone() {
        assertThat(PROXIES.origin("10.0.0.1", List.of("203.0.113.9, unknown"), null, null)
                        .remoteIp())
                .isNull();
        assertThat(PROXIES.origin("10.0.0.1", List.of("203.0.113.999"), null, null)
                        .remoteIp())
                .isNull();
        assertThat(PROXIES.origin(null, List.of("203.0.113.9"), "DE", null)).isEqualTo(Origin.UNKNOWN);
    }

    @Test
    void shouldBelieveARegionOfATrustedProxyOnly() {
        assertThat(PROXIES.origin("10.0.0.1", List.of("203.0.113.9"), "de", null)
                        .region())
                .isEqualTo("DE");
        assertThat(PROXIES.origin("10.0.0.1", List.of("203.0.113.9"), "Germany", null)
                        .region())
                .isNull();
        assertThat(PROXIES.origin("203.0.113.9", List.of(), "DE", null).region())
                .isNull();
    }

    @Test
    void shouldKnowAPlaceByItsCoordinatesOrElseByItsRegion() {
        assertThat(PROXIES.origin("10.0.0.1", List.of(), "DE", "52.52,13.405").place())
                .isEqualTo(new Coordinates(52.52, 13.405));
        assertThat(PROXIES.origin("10.0.0.1", List.of(), "au", null).place()).isEqualTo(new Coordinates(-27, 133));
        for (var nowhere : List.of("91,0", "0,181", "52.52", "NaN,NaN", "1e1,2", "")) {
            assertThat(PROXIES.origin("10.0.0.1", List.of(), "DE", nowhere).place())
                    .as(nowhere)
                    .isEqualTo(new Coordinates(51, 9));
        }
        assertThat(PROXIES.origin("10.0.0.1", List.of(), "ZZ", null).place()).isNull();
        assertThat(PROXIES.origin("10.0.0.1", List.of(), null, "52.52,13.405").place())
                .isNull();
        assertThat(PROXIES.origin("203.0.113.9", List.of(), "DE", "52.52,13.405")
                        .place())
                .isNull();
    }

    @Test
    void shouldKnowWhereEveryCountryIs() {
        for (var country : Locale.getISOCountries()) {
            assertThat(Centroids.of(country)).as(country).isPresent();
        }
    }

    @Test
    void shouldDropTheZoneOfALinkLocalPeer() {
        assertThat(PROXIES.origin("fe80:0:0:0:1:2:3:4%eth0", List.of(), null, null)
                        .remoteIp())
                .isEqualTo("fe80:0:0:0:1:2:3:4");
    }

    @Test
    void shouldLookNoNameUp() {
        for (var text : List.of("proxy.example", "999.1.1.1", "10.1", "10.0.0.0/33", "1:2:3", "fe80::1%eth0", "")) {
            assertThatThrownBy(() -> TrustedProxies.of(List.of(text)))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'" + text + "'");
        }
    }
}
