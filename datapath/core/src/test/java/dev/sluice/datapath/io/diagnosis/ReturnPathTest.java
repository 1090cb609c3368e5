package dev.sluice.datapath.io.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.datapath.io.LinuxTunDevice;
import dev.sluice.datapath.io.PrivateNetwork;
import dev.sluice.datapath.io.TunDevice;
import dev.sluice.datapath.io.netlink.NetlinkMessage;
import dev.sluice.datapath.io.netlink.NetlinkSocket;
import dev.sluice.datapath.io.netlink.NfTables;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.PacketBatch;
import dev.sluice.datapath.wire.Packets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A gateway's host in a network of the test's own: clients send through one device, the resource is behind another, and
 * the test is at both ends.
 */
class ReturnPathTest {
    private static final String CLIENT = "100.64.0.5";
    private static final String RESOURCE = "172.20.0.100";
    private static final String CLIENT_IPV6 = "fd00:2021:1111::5";
    private static final String RESOURCE_IPV6 = "172:20::100";
    private static final Duration PACE = Duration.ofMillis(20);
    private static final int HOOK_PREROUTING = 0;
    private static final int HOOK_INPUT = 1;
    private static final int HOOK_FORWARD = 2;
    private static final int ACCEPT = 1;
    private static final int DROP = 0;

    private PrivateNetwork network;
    private TunDevice tunnel;
    private TunDevice outer;
    private final ScheduledExecutorService sender = Executors.newSingleThreadScheduledExecutor();
    private volatile boolean answers;
    private volatile String resource = RESOURCE;
    private int sequence;

    @BeforeEach
    void start() throws Exception {
        network = PrivateNetwork.create();
        tunnel = network.run(() -> LinuxTunDevice.open("tunnel", 1280));
        outer = network.run(() -> LinuxTunDevice.open("outer", 1280));
        for (String device : List.of("tunnel", "outer")) {
            network.ip("link set " + device + " addrgenmode none up");
            network.command("echo 0 > /proc/sys/net/ipv4/conf/" + device + "/rp_filter");
        }
        network.command("echo 0 > /proc/sys/net/ipv4/conf/all/rp_filter");
        network.command("echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding");
        network.ip("addr add 172.20.0.2/16 dev outer");
        network.ip("addr add 172:20::2/64 dev outer nodad");
        network.ip("route add 100.64.0.0/11 dev tunnel");
        network.ip("route add fd00:2021:1111::/107 dev tunnel");
        sender.scheduleAtFixedRate(this::send, 0, PACE.toMillis(), TimeUnit.MILLISECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        sender.close();
        if (network != null) {
            tunnel.close();
            outer.close();
            network.close();
        }
    }

    @Test
    void shouldSayThatForwardingIsOff() throws Exception {
        network.command("echo 0 > /proc/sys/net/ipv4/ip_forward");

        assertThat(look()).hasValueSatisfying(text -> assertThat(text).contains("sysctl -w net.ipv4.ip_forward=1"));
        assertThat(lookIpv6()).hasValueSatisfying(text -> assertThat(text).doesNotContain("forwarding"));
    }

    @Test
    void shouldSayThatThereIsNoRoute() throws Exception {
        network.ip("route add unreachable 172.20.0.100/32");
        network.ip("route add unreachable 172:20::100/128");

        assertThat(look()).hasValueSatisfying(text -> assertThat(text).contains("no route"));
        assertThat(lookIpv6()).hasValueSatisfying(text -> assertThat(text).contains("no route"));
    }

    @Test
    void shouldSayThatTheSourceIsNotBelieved() throws Exception {
        network.command("echo 1 > /proc/sys/net/ipv4/conf/tunnel/rp_filter");
        network.ip("route replace 100.64.0.0/11 dev outer");

        assertThat(look()).hasValueSatisfying(text -> assertThat(text).contains("rp_filter"));
    }

    @Test
    void shouldSayThatNothingFindsTheWayBack() throws Exception {
        assertThat(look())
                .hasValueSatisfying(
                        text -> assertThat(text).contains("outer", "RANGES", "MASQUERADE", "client's address"));
        assertThat(lookIpv6()).hasValueSatisfying(text -> assertThat(text).contains("outer", "client's address"));
    }

    @Test
    void shouldNameTheChainThatLetsNothingThrough() throws Exception {
        chain("ip", HOOK_FORWARD, DROP);

        assertThat(look())
                .hasValueSatisfying(text -> assertThat(text)
                        .contains("firewall", "chain hooked of table ip test drops", "-i tunnel -j ACCEPT"));
        assertThat(lookIpv6()).hasValueSatisfying(text -> assertThat(text).contains("client's address"));
    }

    @Test
    void shouldSayThatNobodyHasTheAddress() throws Exception {
        network.ip("link add near type veth peer name far");
        network.ip("link set far up");
        network.ip("link set near up");
        network.ip("addr add 172.21.0.2/24 dev near");
        network.ip("route add 172.22.0.0/16 via 172.21.0.1 dev near");

        resource = "172.21.0.100";
        assertThat(look()).hasValueSatisfying(text -> assertThat(text).contains("nobody on the network"));

        resource = "172.22.0.100";
        assertThat(look()).hasValueSatisfying(text -> assertThat(text).contains("the router on the way"));
    }

    @Test
    void shouldSayThatTheAddressIsItsOwn() throws Exception {
        chain("ip", HOOK_INPUT, DROP);
        resource = "172.20.0.2";

        assertThat(look()).hasValueSatisfying(text -> assertThat(text).contains("this host's own"));
    }

    @Test
    void shouldNotTakeTheHostsOwnPacketsForAClients() throws Exception {
        chain("ip", HOOK_FORWARD, DROP);
        try (DatagramSocket own = network.run(() -> new DatagramSocket())) {
            sender.scheduleAtFixedRate(() -> sendFromHost(own), 0, PACE.toMillis(), TimeUnit.MILLISECONDS);

            assertThat(look()).hasValueSatisfying(text -> assertThat(text).contains("firewall drops"));
        }
    }

    @Test
    void shouldSayThatAnswersAreDropped() throws Exception {
        answers = true;
        network.ip("rule add iif outer unreachable");

        assertThat(look()).hasValueSatisfying(text -> assertThat(text).contains("answers arrive at outer"));
    }

    @Test
    void shouldSayNothingWhenAnswersPass() throws Exception {
        answers = true;

        assertThat(look()).isEmpty();
    }

    @Test
    void shouldSayNothingWhileNobodySends() throws Exception {
        sender.close();

        assertThat(look()).isEmpty();
    }

    @Test
    void shouldSeeAFirewallThatFiltersByReversePath() throws Exception {
        HostChecks checks = new HostChecks();
        assertThat(network.run(checks::reversePathByFirewall)).isEmpty();
        chain("inet", HOOK_PREROUTING, ACCEPT);
        rule("inet", fib(0x1));
        assertThat(network.run(checks::reversePathByFirewall)).isEmpty();

        rule("inet", fib(0x1 | 0x8));

        assertThat(network.run(checks::reversePathByFirewall))
                .singleElement()
                .asString()
                .contains("chain hooked of table inet test", "loose");
    }

    private Optional<String> look() throws Exception {
        return network.run(() -> path().look(IpAddress.parse(CLIENT), IpAddress.parse(resource)));
    }

    private Optional<String> lookIpv6() throws Exception {
        return network.run(() -> path().look(IpAddress.parse(CLIENT_IPV6), IpAddress.parse(RESOURCE_IPV6)));
    }

    private static ReturnPath path() {
        return new ReturnPath("tunnel", "RANGES", Duration.ofMillis(500));
    }

    /** What a client sends again and again, and what the resource answers if it shall. */
    private void send() {
        byte[] payload = {(byte) (sequence >> 8), (byte) sequence, 3, 4, 5, 6, 7, 8};
        sequence++;
        write(tunnel, Packets.udp(CLIENT, 5000, resource, 53, payload));
        write(tunnel, Packets.udp(CLIENT_IPV6, 5000, RESOURCE_IPV6, 53, payload));
        if (answers) {
            write(outer, Packets.udp(RESOURCE, 53, CLIENT, 5000, payload));
        }
    }

    private static void sendFromHost(DatagramSocket own) {
        try {
            own.send(new DatagramPacket(new byte[4], 4, InetAddress.ofLiteral(RESOURCE), 53));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(TunDevice device, byte[] packet) {
        byte[] roomy = new byte[PacketBatch.HEADROOM + packet.length];
        System.arraycopy(packet, 0, roomy, PacketBatch.HEADROOM, packet.length);
        device.write(roomy, PacketBatch.HEADROOM, packet.length, 0);
    }

    private void chain(String family, int hook, int policy) throws Exception {
        NetlinkMessage chain = message(family, 3, NetlinkMessage.CREATE | NetlinkMessage.ACKNOWLEDGE)
                .attributeText(3, "hooked");
        int nest = chain.nest(4);
        chain.attributeNetU32(1, hook).attributeNetU32(2, 0).end(nest);
        chain.attributeNetU32(5, policy).attributeText(7, "filter");
        change(List.of(message(family, 0, NetlinkMessage.CREATE), chain));
    }

    /** @param expressions writes one expression */
    private void rule(String family, Consumer<NetlinkMessage> expressions) throws Exception {
        NetlinkMessage rule = message(
                        family, 6, NetlinkMessage.CREATE | NetlinkMessage.APPEND | NetlinkMessage.ACKNOWLEDGE)
                .attributeText(2, "hooked");
        int list = rule.nest(4);
        int element = rule.nest(1);
        expressions.accept(rule);
        rule.end(element).end(list);
        change(List.of(rule));
    }

    /** The interface that the route of an address leads to. */
    private static Consumer<NetlinkMessage> fib(int flags) {
        return rule -> {
            rule.attributeText(1, "fib");
            int data = rule.nest(2);
            rule.attributeNetU32(1, 1)
                    .attributeNetU32(2, 1)
                    .attributeNetU32(3, flags)
                    .end(data);
        };
    }

    private static NetlinkMessage message(String family, int type, int flags) {
        return NfTables.message(type, flags, family.equals("ip") ? NfTables.IPV4 : NfTables.INET)
                .attributeText(1, "test");
    }

    private void change(List<NetlinkMessage> messages) throws Exception {
        network.run(() -> {
            try (NetlinkSocket socket = NetlinkSocket.open(NetlinkSocket.NETFILTER)) {
                List<NetlinkMessage> batch = new ArrayList<>();
                batch.add(new NetlinkMessage(0x10, 0).u8(0).u8(0).netU16(NfTables.SUBSYSTEM));
                batch.addAll(messages);
                batch.add(new NetlinkMessage(0x11, 0).u8(0).u8(0).netU16(NfTables.SUBSYSTEM));
                socket.transact(batch);
            }
            return true;
        });
    }
}
