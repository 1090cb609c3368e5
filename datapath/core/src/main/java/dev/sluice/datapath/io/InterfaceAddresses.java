package dev.sluice.datapath.io;

import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPrefix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The host's own addresses that a peer could send to. For one thread at a time. */
public final class InterfaceAddresses {
    /** What tunnels of this kind, ours and Firezone's, give to their devices. */
    private static final List<IpPrefix> TUNNELS =
            List.of(IpPrefix.parse("100.64.0.0/10"), IpPrefix.parse("fd00:2021:1111::/48"));

    private final String tunnel;
    private final boolean towardsInternet;
    private Set<IpAddress> last = Set.of();

    /**
     * @param tunnel the name of our own device
     * @param towardsInternet leaves out the interfaces without a default route, where some have one: behind those of a
     *     gateway are its resources, and no client
     */
    public InterfaceAddresses(String tunnel, boolean towardsInternet) {
        this.tunnel = tunnel;
        this.towardsInternet = towardsInternet;
    }

    /** The addresses now, in a stable order. */
    public Set<IpAddress> read() {
        TreeMap<String, Set<IpAddress>> byInterface = new TreeMap<>();
        try {
            for (NetworkInterface link : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (link.isUp() && !link.isLoopback() && !link.getName().equals(tunnel)) {
                    byInterface.put(link.getName(), addresses(link));
                }
            }
        } catch (SocketException vanished) {
            // An interface went away while it was read: the next look sees what is left.
            return last;
        }
        if (towardsInternet) {
            keep(byInterface, 4, defaultRoutes(Path.of("/proc/net/route"), 0, 1, "00000000", 7, "00000000"));
            keep(byInterface, 6, defaultRoutes(Path.of("/proc/net/ipv6_route"), 9, 0, "0".repeat(32), 1, "00"));
        }
        Set<IpAddress> all = new TreeSet<>();
        byInterface.values().forEach(all::addAll);
        last = all;
        return all;
    }

    /** The names of the interfaces that {@link #read} looks at. */
    public static Set<String> names(String except) {
        Set<String> names = new TreeSet<>();
        try {
            for (NetworkInterface link : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (link.isUp() && !link.isLoopback() && !link.getName().equals(except)) {
                    names.add(link.getName());
                }
            }
        } catch (SocketException vanished) {
            return names;
        }
        return names;
    }

    static boolean isUsable(IpAddress address) {
        return !address.isLoopback()
                && !address.isLinkLocal()
                && !address.isMulticast()
                && !address.isUnspecified()
                && TUNNELS.stream().noneMatch(prefix -> prefix.contains(address));
    }

    private static Set<IpAddress> addresses(NetworkInterface link) {
        Set<IpAddress> addresses = new TreeSet<>();
        for (InetAddress address : Collections.list(link.getInetAddresses())) {
            IpAddress read = address(address);
            if (isUsable(read)) {
                addresses.add(read);
            }
        }
        return addresses;
    }

    private static IpAddress address(InetAddress address) {
        byte[] bytes = address.getAddress();
        return IpAddress.read(bytes, 0, bytes.length == IpAddress.IPV4_LENGTH ? 4 : 6);
    }

    private static void keep(TreeMap<String, Set<IpAddress>> byInterface, int version, Set<String> interfaces) {
        interfaces.retainAll(byInterface.keySet());
        if (interfaces.isEmpty()) {
            return;
        }
        byInterface.forEach((name, addresses) -> {
            if (!interfaces.contains(name)) {
                addresses.removeIf(address -> address.version() == version);
            }
        });
    }

    /** The interfaces of lines whose destination and mask (or prefix length) are those of a default route. */
    private static Set<String> defaultRoutes(
            Path table, int nameColumn, int destinationColumn, String destination, int maskColumn, String mask) {
        Set<String> names = new HashSet<>();
        try {
            for (String line : Files.readAllLines(table)) {
                String[] columns = line.trim().split("\\s+");
                if (columns.length > Math.max(nameColumn, maskColumn)
                        && columns[destinationColumn].equals(destination)
                        && columns[maskColumn].equals(mask)) {
                    names.add(columns[nameColumn]);
                }
            }
        } catch (IOException withoutFamily) {
            return names;
        }
        return names;
    }
}
