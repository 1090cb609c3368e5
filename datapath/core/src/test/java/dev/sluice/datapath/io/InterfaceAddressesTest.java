package dev.sluice.datapath.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.wire.IpAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterfaceAddressesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "192.168.1.5",
                "172.30.0.100",
                "203.0.113.10",
                "100.63.255.255",
                "100.128.0.0",
                "172:30::100",
                "fd00:2021:1112::1"
            })
    void shouldOfferAddressesThatAPeerCanReach(String address) {
        assertThat(InterfaceAddresses.isUsable(IpAddress.parse(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "::1",
                "169.254.7.7",
                "fe80::1",
                "224.0.0.1",
                "ff02::1",
                "0.0.0.0",
                "100.64.0.1",
                "100.127.255.255",
                "fd00:2021:1111::7",
                "fd00:2021:1111:8000::1"
            })
    void shouldSkipAddressesThatAreNobodysOrATunnels(String address) {
        assertThat(InterfaceAddresses.isUsable(IpAddress.parse(address))).isFalse();
    }
}
