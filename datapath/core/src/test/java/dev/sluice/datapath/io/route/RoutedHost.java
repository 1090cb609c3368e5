package dev.sluice.datapath.io.route;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A network namespace with a tunnel's device, whose routes are under test, and what {@code ip} shows of it. */
final class RoutedHost implements AutoCloseable {
    static final List<IpAddress> ADDRESSES =
            List.of(IpAddress.parse("100.64.0.1"), IpAddress.parse("fd00:2021:1111::1"));

    private final PrivateNetwork network;
    private final List<IpAddress> left = new ArrayList<>();
    private TunDevice tun;
    private KernelHostRoutes routes;
    private @Nullable TunDevice outside;

    private RoutedHost(PrivateNetwork network) throws Exception {
        this.network = network;
        restart();
    }

    static RoutedHost create() throws Exception {
        return new RoutedHost(PrivateNetwork.create());
    }

    KernelHostRoutes routes() {
        return routes;
    }

    <T> T run(PrivateNetwork.Step<T> step) throws Exception {
        return network.run(step);
    }

    String ip(String arguments) throws Exception {
        return network.ip(arguments);
    }

    String command(String line) throws Exception {
        return network.command(line);
    }

    /** Another process, perhaps after a killed one. */
    void restart() throws Exception {
        tun = network.run(() -> LinuxTunDevice.open(null, 1280));
        routes = network.run(() -> KernelHostRoutes.open(tun.name()));
    }

    /** As when the process is killed: the device goes, and nothing is tidied up. */
    void kill() {
        tun.close();
    }

    void configure(String... prefixes) throws Exception {
        configure(RouteSettings.of(
                ADDRESSES, Stream.of(prefixes).map(IpPrefix::parse).toList()));
    }

    void configure(RouteSettings settings) throws Exception {
        network.run(() -> {
            routes.configure(settings);
            return null;
        });
    }

    void cleanUp() throws Exception {
        network.run(() -> {
            KernelHostRoutes.cleanUp();
            return null;
        });
    }

    /** The host's way to the internet, whose packets the test reads. */
    void outside() throws Exception {
        outside = network.run(() -> LinuxTunDevice.open("outside", 1500));
        network.ip("addr add 192.0.2.2/24 dev outside");
        network.ip("addr add 2001:db8::2/64 dev outside nodad");
        network.ip("link set outside up");
        network.ip("route add default via 192.0.2.1");
        network.ip("-6 route add default via 2001:db8::1");
    }

    /** A datagram of an application. */
    void send(String address) throws Exception {
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
    int leftFor(String address) {
        IpAddress wanted = IpAddress.parse(address);
        PacketBatch batch = outside.newBatch();
        IpPacket packet = new IpPacket();
        outside.read(batch);
        for (int i = 0; i < batch.size(); i++) {
            packet.wrap(batch.buffer(), batch.offset(i), batch.length(i));
            left.add(packet.destination());
        }
        return Collections.frequency(left, wanted);
    }

    String everything() throws Exception {
        return network.ip("rule show")
                + network.ip("-6 rule show")
                + table(4, 20931)
                + table(6, 20931)
                + table(4, 20934)
                + table(6, 20934)
                + network.command("ip -o addr show dev sluice0")
                + network.command("ip -o link show dev sluice0 | sed 's/qlen.*//'");
    }

    void assertNothingLeft() throws Exception {
        for (int family : new int[] {4, 6}) {
            assertThat(rules(family)).isEmpty();
            for (int table = 20931; table <= 20934; table++) {
                assertThat(table(family, table)).isEmpty();
            }
        }
    }

    List<String> rules(int family) throws Exception {
        return lines("ip -" + family + " rule show").stream()
                .filter(line -> line.startsWith("20"))
                .toList();
    }

    List<String> table(int family, int table) throws Exception {
        return lines("ip -" + family + " route show table " + table + " 2>/dev/null || true");
    }

    private List<String> lines(String command) throws Exception {
        return network.command(command)
                .lines()
                .map(line -> line.strip().replaceAll("\\s+", " "))
                .toList();
    }

    @Override
    public void close() throws Exception {
        tun.close();
        if (outside != null) {
            outside.close();
        }
        network.close();
    }
}
