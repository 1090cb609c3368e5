package dev.sluice.datapath.io.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.datapath.io.LinuxTunDevice;
import dev.sluice.datapath.io.PrivateNetwork;
import dev.sluice.datapath.io.TunDevice;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.IpPrefix;
import dev.sluice.datapath.wire.PacketBatch;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the kernel, by what {@code ip} shows. */
class KernelHostRoutesTest {
    private static final List<IpAddress> ADDRESSES =
            List.of(IpAddress.parse("100.64.0.1"), IpAddress.parse("fd00:2021:1111::1"));

    private PrivateNetwork network;
    private TunDevice tun;
    private final List<IpAddress> left = new ArrayList<>();
    private @Nullable TunDevice outside;
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
            if (outside != null) {
                outside.close();
            }
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
            routes.configure(
                    RouteSettings.of(List.of(IpAddress.parse("100.64.0.9")), List.of(IpPrefix.parse("172.20.0.0/16"))));
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
        outside();
        configure("172.20.0.0/16", "172:20::/64");

        tun.close();

        assertThatThrownBy(() -> network.ip("route get 172.20.0.100")).hasMessageContaining("No route to host");
        assertThatThrownBy(() -> network.ip("-6 route get 172:20::100")).hasMessageContaining("No route to host");
    }

    @Test
    void shouldLetNothingFromTheTunnelsAddressOutAfterTheResourceIsGone() throws Exception {
        outside();
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
            HostRoutes others = KernelHostRoutes.open("sluice1");
            others.configure(
                    RouteSettings.of(List.of(IpAddress.parse("100.64.0.2")), List.of(IpPrefix.parse("172.30.0.0/16"))));
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
        outside();
        network.ip("route del default");
        configure("0.0.0.0/0");

        assertThat(network.ip("route get 192.0.2.9")).contains("dev outside");
        assertThat(network.ip("route get 198.51.100.1")).contains("dev sluice0");
        assertThatThrownBy(() -> network.ip("route get 198.51.100.1 mark 0x51c3"))
                .hasMessageContaining("unreachable");

        network.ip("addr add 198.51.100.7/24 dev outside");
        network.run(() -> {
            assertThat(routes.restore()).as("nothing of ours was missing").isEmpty();
            return null;
        });
        assertThat(network.ip("route get 198.51.100.1")).contains("dev outside");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ip rule del priority 20100",
                "ip -6 rule del priority 20100",
                "ip rule del priority 20400",
                "ip route flush table 20931",
                "ip -6 route flush table 20931",
                "ip route flush table 20934",
                "ip link set sluice0 down",
                "ip link set sluice0 down && ip link set sluice0 up",
                "ip addr flush dev sluice0"
            })
    void shouldPutBackWhatSomebodyElseTookAway(String command) throws Exception {
        configure("172.20.0.0/16", "172:20::/64");
        String before = everything();

        network.command(command);
        List<String> missing = network.run(routes::restore);

        assertThat(missing).isNotEmpty();
        assertThat(everything()).isEqualTo(before);
        assertThat(network.run(routes::restore)).isEmpty();
    }

    @Test
    void shouldHearOfForeignHandsAndNotOfItsOwn() throws Exception {
        configure("172.20.0.0/16", "172:20::/64");
        LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
        HostWatch watch = network.run(() -> HostWatch.start("sluice0", (KernelHostRoutes) routes, heard::add));
        try {
            configure("172.20.0.0/16");
            for (String command : List.of(
                    "ip rule del priority 20100",
                    "ip route flush table 20931",
                    "ip link set sluice0 down",
                    "ip addr flush dev sluice0")) {
                heard.clear();
                network.command(command);
                assertThat(heard.poll(10, TimeUnit.SECONDS)).as(command).isNotNull();
            }
        } finally {
            watch.close();
        }
    }

    @Test
    void shouldLetNothingOutInClearWhateverBecomesOfRulesAndRoutes() throws Exception {
        outside();
        configure("172.20.0.0/16", "172:20::/64");
        assumeThat(routes.hasBarrier()).isTrue();

        network.command("ip rule del priority 20100; ip rule del priority 20400;"
                + " ip -6 rule del priority 20100; ip -6 rule del priority 20400; ip route flush table 20931");
        assertThat(network.ip("route get 172.20.0.100")).contains("dev outside");
        send("172.20.0.100");
        send("172:20::100");
        assertThat(leftFor("172.20.0.100")).isZero();
        assertThat(network.run(routes::stopped)).isEqualTo(2);

        send("172.21.0.100");
        assertThat(leftFor("172.21.0.100")).as("what is no resource's passes").isEqualTo(1);
    }

    @Test
    void shouldKeepTheBarrierUpToTheResourcesOfNow() throws Exception {
        outside();
        configure("172.20.0.0/16", "10.0.0.0/8", "10.1.0.0/16");
        assumeThat(routes.hasBarrier()).isTrue();
        configure("10.1.0.0/16");

        send("172.20.0.100");
        assertThat(leftFor("172.20.0.100")).isEqualTo(1);
        network.command("ip rule del priority 20100; ip rule del priority 20400");
        send("10.1.2.3");
        send("10.2.2.3");
        assertThat(leftFor("10.1.2.3")).isZero();
        assertThat(leftFor("10.2.2.3")).isEqualTo(1);
    }

    @Test
    void shouldCarryThousandsOfResources() throws Exception {
        String[] prefixes = IntStream.range(0, 3_000)
                .mapToObj(i -> "10." + (i >> 8) + "." + (i & 0xff) + ".0/25")
                .toArray(String[]::new);

        configure(prefixes);

        assertThat(table(4, 20931)).hasSize(6_000);
    }

    @Test
    void shouldServeIpv4WhereTheDeviceMayHaveNoIpv6() throws Exception {
        network.command("sysctl -qw net.ipv6.conf.sluice0.disable_ipv6=1");

        configure("172.20.0.0/16", "172:20::/64");

        assertThat(network.ip("route get 172.20.0.100")).contains("dev sluice0");
        assertThat(table(6, 20931))
                .containsExactly("unreachable 172:20::/64 dev lo proto static metric 4096 pref medium");
        assertThat(network.run(routes::notes)).anyMatch(note -> note.contains("IPv6 is off on sluice0"));
    }

    @Test
    void shouldLeaveToTheHostWhatIsOnItsLinksAndWhatIsNamed() throws Exception {
        outside();
        network.run(() -> {
            routes.configure(new RouteSettings(
                    List.of(new TunnelAddress(IpAddress.parse("10.66.0.2"), 24)),
                    List.of(),
                    List.of(
                            IpPrefix.parse("0.0.0.0/0"),
                            IpPrefix.parse("192.0.2.0/24"),
                            IpPrefix.parse("192.0.2.64/26")),
                    List.of(IpPrefix.parse("198.51.100.0/24")),
                    RouteSettings.NO_TABLE));
            return null;
        });

        assertThat(network.ip("route get 203.0.113.9")).contains("dev sluice0");
        assertThat(network.ip("route get 192.0.2.9")).as("the local network").contains("dev outside");
        assertThat(network.ip("route get 192.0.2.65"))
                .as("a longer prefix of the tunnel's")
                .contains("dev sluice0");
        assertThat(network.ip("route get 198.51.100.9")).as("named").contains("via 192.0.2.1");
        assertThat(network.ip("route get 203.0.113.9 mark 0x51c3"))
                .as("our own")
                .contains("via 192.0.2.1");
    }

    /** A router's route, and a network on the link that nobody gave this host an address in. */
    @Test
    void shouldNotLetAStrangersNetworkTakeHalfOfTheInternet() throws Exception {
        outside();
        network.ip("route add 0.0.0.0/1 dev outside");
        network.ip("route add 128.0.0.0/1 via 192.0.2.1");
        configure("0.0.0.0/0");

        assertThat(network.ip("route get 8.8.8.8")).contains("dev sluice0");
        assertThat(network.ip("route get 198.51.100.1")).contains("dev sluice0");
    }

    @Test
    void shouldSetRoutesInATableOfTheHostsAndReplaceNone() throws Exception {
        outside();
        network.ip("route add 172.20.0.0/16 via 192.0.2.1");
        network.run(() -> {
            routes.configure(new RouteSettings(
                    List.of(new TunnelAddress(IpAddress.parse("10.66.0.2"), 32)),
                    List.of(IpPrefix.parse("172.20.0.0/16"), IpPrefix.parse("172.21.0.0/16")),
                    List.of(),
                    List.of(),
                    254));
            return null;
        });

        assertThat(rules(4)).isEmpty();
        assertThat(network.ip("route get 172.20.0.1")).contains("via 192.0.2.1");
        assertThat(network.ip("route get 172.21.0.1")).contains("dev sluice0");
    }

    /** The host's way to the internet, whose packets the test reads. */
    private void outside() throws Exception {
        outside = network.run(() -> LinuxTunDevice.open("outside", 1500));
        network.ip("addr add 192.0.2.2/24 dev outside");
        network.ip("addr add 2001:db8::2/64 dev outside nodad");
        network.ip("link set outside up");
        network.ip("route add default via 192.0.2.1");
        network.ip("-6 route add default via 2001:db8::1");
    }

    /** A datagram of an application. */
    private void send(String address) throws Exception {
        network.run(() -> {
            try (DatagramSocket socket = new DatagramSocket()) {
                socket.send(new DatagramPacket(new byte[] {1}, 1, InetAddress.ofLiteral(address), 9));
            } catch (IOException refused) {
                assertThat(refused).hasMessageContaining("not permitted");
            }
            return null;
        });
    }

    /** How many packets for the address have left by the host's way to the internet. */
    private int leftFor(String address) {
        IpAddress wanted = IpAddress.parse(address);
        PacketBatch batch = new PacketBatch(64, 0, 1500);
        IpPacket packet = new IpPacket();
        outside.read(batch);
        for (int i = 0; i < batch.size(); i++) {
            packet.wrap(batch.buffer(), batch.offset(i), batch.length(i));
            left.add(packet.destination());
        }
        return Collections.frequency(left, wanted);
    }

    private String everything() throws Exception {
        return network.ip("rule show")
                + network.ip("-6 rule show")
                + table(4, 20931)
                + table(6, 20931)
                + table(4, 20934)
                + table(6, 20934)
                + network.command("ip -o addr show dev sluice0")
                + network.command("ip -o link show dev sluice0 | sed 's/qlen.*//'");
    }

    private void restart() throws Exception {
        tun = network.run(() -> LinuxTunDevice.open(null, 1280));
        routes = network.run(() -> KernelHostRoutes.open(tun.name()));
    }

    private void configure(String... prefixes) throws Exception {
        network.run(() -> {
            routes.configure(RouteSettings.of(
                    ADDRESSES, Stream.of(prefixes).map(IpPrefix::parse).toList()));
            return null;
        });
    }

    private void cleanUp() throws Exception {
        network.run(() -> {
            KernelHostRoutes.cleanUp();
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
