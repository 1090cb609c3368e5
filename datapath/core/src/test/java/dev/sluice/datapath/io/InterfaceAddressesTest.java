package dev.sluice.datapath.io;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.wire.IpAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
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
                "100.64.0.1",
                "100.127.255.255",
                "fd00:2021:1112::1"
            })
    void shouldOfferAddressesThatAPeerCanReach(String address) {
        assertThat(InterfaceAddresses.isUsable(IpAddress.parse(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "169.254.7.7", "fe80::1", "224.0.0.1", "ff02::1", "0.0.0.0"})
    void shouldSkipAddressesThatAreNobodys(String address) {
        assertThat(InterfaceAddresses.isUsable(IpAddress.parse(address))).isFalse();
    }

    /** The carrier's own range, very many further addresses, and what is not for peers. */
    @Test
    void shouldTellTheMostUsedFirstAndLeaveOutWhatIsToldTo() throws Exception {
        try (PrivateNetwork network = PrivateNetwork.create()) {
            for (String link : List.of("wan", "lan", "docker0", "sluice3", "tun-firezone")) {
                network.ip("link add " + link + " type veth peer name " + link + "-x");
                network.ip("link set " + link + " up");
                network.ip("link set " + link + "-x up");
            }
            network.ip("addr add 10.9.0.1/24 dev lan");
            network.ip("addr add 172.17.0.1/16 dev docker0");
            network.ip("addr add 100.64.0.7/32 dev sluice3");
            network.ip("addr add 100.64.0.8/32 dev tun-firezone");
            for (int i = 1; i <= 12; i++) {
                network.ip("addr add 10.0.0." + i + "/24 dev wan");
            }
            network.ip("addr add 100.70.1.2/24 dev wan");
            network.ip("route add default via 100.70.1.1 src 100.70.1.2");

            assertThat(read(network, "docker*"))
                    .startsWith("6 left out", "100.70.1.2", "10.0.0.1")
                    .hasSize(1 + InterfaceAddresses.MOST)
                    .doesNotContain("172.17.0.1", "100.64.0.7", "100.64.0.8");
            assertThat(read(network, "nothing")).startsWith("7 left out", "100.70.1.2");
        }
    }

    /** In a process of its own: Java reads of interfaces what the process sees, and not the thread. */
    private static List<String> read(PrivateNetwork network, String excluded) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return network.command(java + " --enable-native-access=ALL-UNNAMED -cp " + System.getProperty("java.class.path")
                        + " " + "'" + Reader.class.getName() + "' '" + excluded + "'")
                .lines()
                .toList();
    }

    /** Prints what a client of this network would tell. */
    static final class Reader {
        private Reader() {}

        public static void main(String[] arguments) {
            InterfaceAddresses addresses = new InterfaceAddresses("sluice0", List.of(arguments), false);
            List<IpAddress> read = addresses.read();
            System.out.println(addresses.omitted() + " left out");
            read.forEach(System.out::println);
        }
    }
}
