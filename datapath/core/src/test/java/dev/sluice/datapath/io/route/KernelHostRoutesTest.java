package dev.sluice.datapath.io.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.datapath.io.LinuxTunDevice;
import dev.sluice.datapath.io.TunDevice;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPrefix;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against the kernel, by what {@code ip} shows. */
class KernelHostRoutesTest {
    private RoutedHost host;

    @BeforeEach
    void start() throws Exception {
        host = RoutedHost.create();
    }

    @AfterEach
    void stop() throws Exception {
        if (host != null) {
            host.close();
        }
    }

    @Test
    void shouldSetAddressesRulesAndRoutes() throws Exception {
        host.configure("172.20.0.0/16", "172:20::/64");

        assertThat(host.rules(4))
                .containsExactly(
                        "20100: not from all fwmark 0x51c3 lookup 20931", "20400: from 100.64.0.1 lookup 20934");
        assertThat(host.rules(6))
                .containsExactly(
                        "20100: not from all fwmark 0x51c3 lookup 20931", "20400: from fd00:2021:1111::1 lookup 20934");
        assertThat(host.table(4, 20931))
                .containsExactly(
                        "172.20.0.0/16 dev sluice0 proto static scope link",
                        "unreachable 172.20.0.0/16 proto static metric 4096");
        assertThat(host.table(6, 20931))
                .containsExactly(
                        "172:20::/64 dev sluice0 proto static metric 1024 pref medium",
                        "unreachable 172:20::/64 dev lo proto static metric 4096 pref medium");
        assertThat(host.table(4, 20934)).containsExactly("unreachable default proto static metric 4096");
        assertThat(host.table(6, 20934))
                .containsExactly("unreachable default dev lo proto static metric 4096 pref medium");
        assertThat(host.ip("addr show dev sluice0"))
                .contains("mtu 1280", ",UP", "inet 100.64.0.1/32", "inet6 fd00:2021:1111::1/128")
                .doesNotContain("fe80", "tentative");
    }

    @Test
    void shouldSendUnmarkedPacketsAloneIntoTheTunnel() throws Exception {
        host.configure("172.20.0.0/16", "172:20::/64");

        assertThat(host.ip("route get 172.20.0.100")).contains("dev sluice0", "src 100.64.0.1");
        assertThat(host.ip("-6 route get 172:20::100")).contains("dev sluice0", "src fd00:2021:1111::1");
        assertThatThrownBy(() -> host.ip("route get 172.20.0.100 mark 0x51c3"))
                .hasMessageContaining("Network is unreachable");
    }

    @Test
    void shouldChangeOnlyWhatDiffers() throws Exception {
        host.configure("172.20.0.0/16", "172.21.0.0/16");
        host.configure("172.21.0.0/16", "172.22.0.5/32");

        assertThat(host.table(4, 20931))
                .containsExactlyInAnyOrder(
                        "172.21.0.0/16 dev sluice0 proto static scope link",
                        "unreachable 172.21.0.0/16 proto static metric 4096",
                        "172.22.0.5 dev sluice0 proto static scope link",
                        "unreachable 172.22.0.5 proto static metric 4096");
        assertThat(host.rules(4)).hasSize(2);
    }

    @Test
    void shouldFollowNewTunnelAddresses() throws Exception {
        host.configure("172.20.0.0/16");
        host.configure(
                RouteSettings.of(List.of(IpAddress.parse("100.64.0.9")), List.of(IpPrefix.parse("172.20.0.0/16"))));

        assertThat(host.ip("addr show dev sluice0"))
                .contains("inet 100.64.0.9/32")
                .doesNotContain("100.64.0.1/32", "fd00:2021:1111::1");
        assertThat(host.rules(4)).last().isEqualTo("20400: from 100.64.0.9 lookup 20934");
        assertThat(host.rules(6)).hasSize(1);
    }

    @Test
    void shouldRefuseRatherThanLeakWhenTheProcessIsKilled() throws Exception {
        host.outside();
        host.configure("172.20.0.0/16", "172:20::/64");

        host.kill();

        assertThatThrownBy(() -> host.ip("route get 172.20.0.100")).hasMessageContaining("No route to host");
        assertThatThrownBy(() -> host.ip("-6 route get 172:20::100")).hasMessageContaining("No route to host");
    }

    @Test
    void shouldLetNothingFromTheTunnelsAddressOutAfterTheResourceIsGone() throws Exception {
        host.outside();
        host.configure("172.20.0.0/16");
        host.configure();

        assertThatThrownBy(() -> host.ip("route get 172.20.0.100 from 100.64.0.1"))
                .hasMessageContaining("No route to host");
        assertThat(host.ip("route get 172.20.0.100")).contains("dev outside");
    }

    @Test
    void shouldTakeOverWhatAKilledProcessLeftAndDoubleNothing() throws Exception {
        host.configure("172.20.0.0/16", "172.21.0.0/16", "172:20::/64");
        host.kill();
        host.ip("rule add from 100.64.7.7 lookup 20934 priority 20400");

        host.restart();
        assertThat(host.table(4, 20931)).as("stays until the new set is known").hasSize(2);
        host.configure("172.21.0.0/16", "172:20::/64");

        assertThat(host.table(4, 20931))
                .containsExactly(
                        "172.21.0.0/16 dev sluice0 proto static scope link",
                        "unreachable 172.21.0.0/16 proto static metric 4096");
        assertThat(host.table(6, 20931)).hasSize(2);
        assertThat(host.rules(4))
                .containsExactly(
                        "20100: not from all fwmark 0x51c3 lookup 20931", "20400: from 100.64.0.1 lookup 20934");
    }

    @Test
    void shouldRemoveEverythingOnACleanStop() throws Exception {
        host.configure("172.20.0.0/16", "172:20::/64", "0.0.0.0/0");

        host.run(() -> {
            host.routes().close();
            return null;
        });

        host.assertNothingLeft();
    }

    @Test
    void shouldCleanUpAfterAKilledProcessOnCommand() throws Exception {
        host.configure("172.20.0.0/16", "172:20::/64", "0.0.0.0/0");
        assertThatThrownBy(host::cleanUp).hasMessageContaining("sluice0 is in use");
        host.kill();

        host.cleanUp();

        host.assertNothingLeft();
    }

    @Test
    void shouldKeepWhatASecondDeviceOfTheHostNeeds() throws Exception {
        host.configure("172.20.0.0/16");
        TunDevice second = host.run(() -> LinuxTunDevice.open(null, 1280));
        assertThat(second.name()).isEqualTo("sluice1");
        host.run(() -> {
            HostRoutes others = KernelHostRoutes.open("sluice1");
            others.configure(
                    RouteSettings.of(List.of(IpAddress.parse("100.64.0.2")), List.of(IpPrefix.parse("172.30.0.0/16"))));
            assertThat(host.table(4, 20931)).hasSize(4);
            assertThat(host.rules(4)).hasSize(3);
            others.close();
            return null;
        });
        second.close();

        assertThat(host.table(4, 20931)).hasSize(2);
        assertThat(host.rules(4)).hasSize(2);
    }

    @Test
    void shouldKeepTheLocalNetworkInReachBesideADefaultRoute() throws Exception {
        host.outside();
        host.ip("route del default");
        host.configure("0.0.0.0/0");

        assertThat(host.ip("route get 192.0.2.9")).contains("dev outside");
        assertThat(host.ip("route get 198.51.100.1")).contains("dev sluice0");
        assertThatThrownBy(() -> host.ip("route get 198.51.100.1 mark 0x51c3")).hasMessageContaining("unreachable");

        host.ip("addr add 198.51.100.7/24 dev outside");
        host.run(() -> {
            assertThat(host.routes().restore())
                    .as("nothing of ours was missing")
                    .isEmpty();
            return null;
        });
        assertThat(host.ip("route get 198.51.100.1")).contains("dev outside");
    }

    @Test
    void shouldCarryThousandsOfResources() throws Exception {
        String[] prefixes = IntStream.range(0, 3_000)
                .mapToObj(i -> "10." + (i >> 8) + "." + (i & 0xff) + ".0/25")
                .toArray(String[]::new);

        host.configure(prefixes);

        assertThat(host.table(4, 20931)).hasSize(6_000);
    }

    @Test
    void shouldServeIpv4WhereTheDeviceMayHaveNoIpv6() throws Exception {
        host.command("sysctl -qw net.ipv6.conf.sluice0.disable_ipv6=1");

        host.configure("172.20.0.0/16", "172:20::/64");

        assertThat(host.ip("route get 172.20.0.100")).contains("dev sluice0");
        assertThat(host.table(6, 20931))
                .containsExactly("unreachable 172:20::/64 dev lo proto static metric 4096 pref medium");
        assertThat(host.run(host.routes()::notes)).anyMatch(note -> note.contains("IPv6 is off on sluice0"));
    }

    @Test
    void shouldLeaveToTheHostWhatIsOnItsLinksAndWhatIsNamed() throws Exception {
        host.outside();
        host.configure(new RouteSettings(
                List.of(new TunnelAddress(IpAddress.parse("10.66.0.2"), 24)),
                List.of(),
                List.of(IpPrefix.parse("0.0.0.0/0"), IpPrefix.parse("192.0.2.0/24"), IpPrefix.parse("192.0.2.64/26")),
                List.of(IpPrefix.parse("198.51.100.0/24")),
                RouteSettings.NO_TABLE));

        assertThat(host.ip("route get 203.0.113.9")).contains("dev sluice0");
        assertThat(host.ip("route get 192.0.2.9")).as("the local network").contains("dev outside");
        assertThat(host.ip("route get 192.0.2.65"))
                .as("a longer prefix of the tunnel's")
                .contains("dev sluice0");
        assertThat(host.ip("route get 198.51.100.9")).as("named").contains("via 192.0.2.1");
        assertThat(host.ip("route get 203.0.113.9 mark 0x51c3")).as("our own").contains("via 192.0.2.1");
    }

    /** A router's route, and a network on the link that nobody gave this host an address in. */
    @Test
    void shouldNotLetAStrangersNetworkTakeHalfOfTheInternet() throws Exception {
        host.outside();
        host.ip("route add 0.0.0.0/1 dev outside");
        host.ip("route add 128.0.0.0/1 via 192.0.2.1");
        host.configure("0.0.0.0/0");

        assertThat(host.ip("route get 8.8.8.8")).contains("dev sluice0");
        assertThat(host.ip("route get 198.51.100.1")).contains("dev sluice0");
    }

    @Test
    void shouldSetRoutesInATableOfTheHostsAndReplaceNone() throws Exception {
        host.outside();
        host.ip("route add 172.20.0.0/16 via 192.0.2.1");
        host.configure(new RouteSettings(
                List.of(new TunnelAddress(IpAddress.parse("10.66.0.2"), 32)),
                List.of(IpPrefix.parse("172.20.0.0/16"), IpPrefix.parse("172.21.0.0/16")),
                List.of(),
                List.of(),
                254));

        assertThat(host.rules(4)).isEmpty();
        assertThat(host.ip("route get 172.20.0.1")).contains("via 192.0.2.1");
        assertThat(host.ip("route get 172.21.0.1")).contains("dev sluice0");
    }
}
