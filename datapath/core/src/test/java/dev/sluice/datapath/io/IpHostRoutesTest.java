package dev.sluice.datapath.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPrefix;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against the kernel, by what {@code ip} shows. */
class IpHostRoutesTest {
    private static final List<IpAddress> ADDRESSES =
            List.of(IpAddress.parse("100.64.0.1"), IpAddress.parse("fd00:2021:1111::1"));

    private PrivateNetwork network;
    private TunDevice tun;
    private HostRoutes routes;

    @BeforeEach
    void start() throws Exception {
        network = PrivateNetwork.create();
        restart();
    }

    @AfterEach
    void stop() throws Exception {
        if (network != null) {
            tun.close();
            network.close();
        }
    }

    @Test
    void shouldSetAddressesRulesAndRoutes() throws Exception {
        configure("172.20.0.0/16", "172:20::/64");

        assertThat(rules(4))
                .containsExactly(
                        "20100: not from all fwmark 0x51c3 lookup 20931", "20400: from 100.64.0.1 lookup 20934");
        assertThat(rules(6))
                .containsExactly(
                        "20100: not from all fwmark 0x51c3 lookup 20931", "20400: from fd00:2021:1111::1 lookup 20934");
        assertThat(table(4, 20931))
                .containsExactly(
                        "172.20.0.0/16 dev sluice0 proto static scope link",
                        "unreachable 172.20.0.0/16 proto static metric 4096");
        assertThat(table(6, 20931))
                .containsExactly(
                        "172:20::/64 dev sluice0 proto static metric 1024 pref medium",
                        "unreachable 172:20::/64 dev lo proto static metric 4096 pref medium");
        assertThat(table(4, 20934)).containsExactly("unreachable default proto static metric 4096");
        assertThat(table(6, 20934)).containsExactly("unreachable default dev lo proto static metric 4096 pref medium");
        assertThat(network.ip("addr show dev sluice0"))
                .contains("mtu 1280", ",UP", "inet 100.64.0.1/32", "inet6 fd00:2021:1111::1/128")
                .doesNotContain("fe80", "tentative");
    }

    @Test
    void shouldSendUnmarkedPacketsAloneIntoTheTunnel() throws Exception {
        configure("172.20.0.0/16", "172:20::/64");

        assertThat(network.ip("route get 172.20.0.100")).contains("dev sluice0", "src 100.64.0.1");
        assertThat(network.ip("-6 route get 172:20::100")).contains("dev sluice0", "src fd00:2021:1111::1");
        assertThatThrownBy(() -> network.ip("route get 172.20.0.100 mark 0x51c3"))
                .hasMessageContaining("Network is unreachable");
    }

    @Test
    void shouldChangeOnlyWhatDiffers() throws Exception {
        configure("172.20.0.0/16", "172.21.0.0/16");
        configure("172.21.0.0/16", "172.22.0.5/32");

        assertThat(table(4, 20931))
                .containsExactlyInAnyOrder(
                        "172.21.0.0/16 dev sluice0 proto static scope link",
                        "unreachable 172.21.0.0/16 proto static metric 4096",
                        "172.22.0.5 dev sluice0 proto static scope link",
                        "unreachable 172.22.0.5 proto static metric 4096");
        assertThat(rules(4)).hasSize(2);
    }

    @Test
    void shouldFollowNewTunnelAddresses() throws Exception {
        configure("172.20.0.0/16");
        network.run(() -> {
            routes.configure(List.of(IpAddress.parse("100.64.0.9")), List.of(IpPrefix.parse("172.20.0.0/16")));
            return null;
        });

        assertThat(network.ip("addr show dev sluice0"))
                .contains("inet 100.64.0.9/32")
                .doesNotContain("100.64.0.1/32", "fd00:2021:1111::1");
        assertThat(rules(4)).last().isEqualTo("20400: from 100.64.0.9 lookup 20934");
        assertThat(rules(6)).hasSize(1);
    }

    @Test
    void shouldRefuseRatherThanLeakWhenTheProcessIsKilled() throws Exception {
        network.ip("link add outside type veth peer name other");
        network.ip("addr add 192.0.2.2/24 dev outside");
        network.ip("link set outside up");
        network.ip("route add default via 192.0.2.1");
        configure("172.20.0.0/16", "172:20::/64");

        tun.close();

        assertThatThrownBy(() -> network.ip("route get 172.20.0.100")).hasMessageContaining("No route to host");
        assertThatThrownBy(() -> network.ip("-6 route get 172:20::100")).hasMessageContaining("No route to host");
    }

    @Test
    void shouldLetNothingFromTheTunnelsAddressOutAfterTheResourceIsGone() throws Exception {
        network.ip("link add outside type veth peer name other");
        network.ip("addr add 192.0.2.2/24 dev outside");
        network.ip("link set outside up");
        network.ip("route add default via 192.0.2.1");
        configure("172.20.0.0/16");
        configure();

        assertThatThrownBy(() -> network.ip("route get 172.20.0.100 from 100.64.0.1"))
                .hasMessageContaining("No route to host");
        assertThat(network.ip("route get 172.20.0.100")).contains("dev outside");
    }

    @Test
    void shouldTakeOverWhatAKilledProcessLeftAndDoubleNothing() throws Exception {
        configure("172.20.0.0/16", "172.21.0.0/16", "172:20::/64");
        tun.close();
        network.ip("rule add from 100.64.7.7 lookup 20934 priority 20400");

        restart();
        assertThat(table(4, 20931)).as("stays until the new set is known").hasSize(2);
        configure("172.21.0.0/16", "172:20::/64");

        assertThat(table(4, 20931))
                .containsExactly(
                        "172.21.0.0/16 dev sluice0 proto static scope link",
                        "unreachable 172.21.0.0/16 proto static metric 4096");
        assertThat(table(6, 20931)).hasSize(2);
        assertThat(rules(4))
                .containsExactly(
                        "20100: not from all fwmark 0x51c3 lookup 20931", "20400: from 100.64.0.1 lookup 20934");
    }

    @Test
    void shouldRemoveEverythingOnACleanStop() throws Exception {
        configure("172.20.0.0/16", "172:20::/64", "0.0.0.0/0");

        network.run(() -> {
            routes.close();
            return null;
        });

        assertNothingLeft();
    }

    @Test
    void shouldCleanUpAfterAKilledProcessOnCommand() throws Exception {
        configure("172.20.0.0/16", "172:20::/64", "0.0.0.0/0");
        assertThatThrownBy(this::cleanUp).hasMessageContaining("sluice0 is in use");
        tun.close();

        cleanUp();

        assertNothingLeft();
    }

    @Test
    void shouldKeepWhatASecondDeviceOfTheHostNeeds() throws Exception {
        configure("172.20.0.0/16");
        TunDevice second = network.run(() -> LinuxTunDevice.open(null, 1280));
        assertThat(second.name()).isEqualTo("sluice1");
        network.run(() -> {
            HostRoutes others = new IpHostRoutes("sluice1");
            others.configure(List.of(IpAddress.parse("100.64.0.2")), List.of(IpPrefix.parse("172.30.0.0/16")));
            assertThat(table(4, 20931)).hasSize(4);
            assertThat(rules(4)).hasSize(3);
            others.close();
            return null;
        });
        second.close();

        assertThat(table(4, 20931)).hasSize(2);
        assertThat(rules(4)).hasSize(2);
    }

    @Test
    void shouldKeepTheLocalNetworkInReachBesideADefaultRoute() throws Exception {
        network.ip("link add outside type veth peer name other");
        network.ip("addr add 192.0.2.2/24 dev outside");
        network.ip("link set outside up");
        network.ip("link set other up");
        configure("0.0.0.0/0");

        assertThat(network.ip("route get 192.0.2.9")).contains("dev outside");
        assertThat(network.ip("route get 198.51.100.1")).contains("dev sluice0");
        assertThatThrownBy(() -> network.ip("route get 198.51.100.1 mark 0x51c3"))
                .hasMessageContaining("unreachable");

        network.ip("addr add 198.51.100.7/24 dev outside");
        network.run(() -> {
            routes.refresh();
            return null;
        });
        assertThat(network.ip("route get 198.51.100.1")).contains("dev outside");
    }

    private void restart() throws Exception {
        tun = network.run(() -> LinuxTunDevice.open(null, 1280));
        routes = new IpHostRoutes(tun.name());
    }

    private void configure(String... prefixes) throws Exception {
        network.run(() -> {
            routes.configure(ADDRESSES, Stream.of(prefixes).map(IpPrefix::parse).toList());
            return null;
        });
    }

    private void cleanUp() throws Exception {
        network.run(() -> {
            IpHostRoutes.cleanUp();
            return null;
        });
    }

    private void assertNothingLeft() throws Exception {
        for (int family : new int[] {4, 6}) {
            assertThat(rules(family)).isEmpty();
            for (int table = 20931; table <= 20934; table++) {
                assertThat(table(family, table)).isEmpty();
            }
        }
    }

    private List<String> rules(int family) throws Exception {
        return lines("ip -" + family + " rule show").stream()
                .filter(line -> line.startsWith("20"))
                .toList();
    }

    private List<String> table(int family, int table) throws Exception {
        return lines("ip -" + family + " route show table " + table + " 2>/dev/null || true");
    }

    private List<String> lines(String command) throws Exception {
        return network.command(command)
                .lines()
                .map(line -> line.strip().replaceAll("\\s+", " "))
                .toList();
    }
}
