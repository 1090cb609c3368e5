package dev.sluice.datapath.io;

import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.IpAddress;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The host's own addresses that a peer could send to, in the order of use: those that the host itself sends from first,
 * then the others of the same interfaces, then the rest. Peers try what they are told first, and only so much of it. For
 * one thread at a time.
 */
public final class InterfaceAddresses {
    /** Of a family: both ends' make 64 pairs then. */
    static final int MOST = 8;

    /** Tunnels of this kind, ours and Firezone's: through them leads no way that they do not have themselves. */
    private static final List<String> TUNNELS = List.of("sluice*", "tun-firezone");

    /** What is asked for the way to the internet: documentation addresses (RFC 5737, RFC 3849), to which nothing is sent. */
    private static final List<IpAddress> ANYWHERE =
            List.of(IpAddress.parse("192.0.2.1"), IpAddress.parse("2001:db8::1"));

    private final List<String> excluded = new ArrayList<>(TUNNELS);
    private final boolean towardsInternet;
    private List<IpAddress> last = List.of();
    private int omitted;

    /**
     * Looks at all interfaces that are up, but for some.
     *
     * @param tunnel the name of our own device
     * @param excluded names of interfaces to leave out; a {@code *} at a name's end stands for any rest
     * @param towardsInternet leaves out the interfaces without a default route, where some have one: behind those of a
     *     gateway are its resources, and no client
     */
    public InterfaceAddresses(String tunnel, Collection<String> excluded, boolean towardsInternet) {
        this.excluded.add(tunnel);
        this.excluded.addAll(excluded);
        this.towardsInternet = towardsInternet;
    }

    /** The addresses now, the most used first: at most {@value #MOST} of each family. */
    public List<IpAddress> read() {
        TreeMap<String, Set<IpAddress>> byInterface = new TreeMap<>();
        try {
            for (NetworkInterface link : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (link.isUp() && !link.isLoopback() && !isExcluded(link.getName())) {
                    byInterface.put(link.getName(), addresses(link));
                }
            }
        } catch (SocketException vanished) {
            // An interface went away while it was read: the next look sees what is left.
            return last;
        }
        Set<String> ipv4 = defaultRoutes(Path.of("/proc/net/route"), 0, 1, "00000000", 7, "00000000");
        Set<String> ipv6 = defaultRoutes(Path.of("/proc/net/ipv6_route"), 9, 0, "0".repeat(32), 1, "00");
        if (towardsInternet) {
            keep(byInterface, 4, ipv4);
            keep(byInterface, 6, ipv6);
        }
        Set<IpAddress> known = new TreeSet<>();
        byInterface.values().forEach(known::addAll);
        Set<IpAddress> ordered = new LinkedHashSet<>();
        ANYWHERE.stream()
                .map(InterfaceAddresses::sourceFor)
                .flatMap(Optional::stream)
                .forEach(ordered::add);
        byInterface.forEach((name, addresses) -> addresses.stream()
                .filter(address -> (address.isIpv4() ? ipv4 : ipv6).contains(name))
                .forEach(ordered::add));
        ordered.addAll(known);
        ordered.retainAll(known);
        last = Stream.of(4, 6)
                .flatMap(version -> ordered.stream()
                        .filter(address -> address.version() == version)
                        .limit(MOST))
                .toList();
        omitted = ordered.size() - last.size();
        return last;
    }

    /** How many addresses the last reading left out, since there were too many. */
    public int omitted() {
        return omitted;
    }

    private boolean isExcluded(String name) {
        return excluded.stream()
                .anyMatch(pattern -> pattern.endsWith("*")
                        ? name.startsWith(pattern.substring(0, pattern.length() - 1))
                        : name.equals(pattern));
    }

    /** The address that this host's own datagrams to somewhere would bear, past the tunnel. Nothing is sent. */
    private static Optional<IpAddress> sourceFor(IpAddress destination) {
        int socket = DatagramDescriptor.open(SocketAddress.family(destination), SocketMark.MARK);
        if (socket < 0) {
            return Optional.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(SocketAddress.IPV6_LENGTH, Long.BYTES);
            SocketAddress.write(name, 0, new Endpoint(destination, 9));
            int result = Libc.connect(socket, name, SocketAddress.length(destination));
            if (result == 0) {
                result =
                        Libc.getsockname(socket, name, arena.allocateFrom(ValueLayout.JAVA_INT, (int) name.byteSize()));
            }
            return result < 0
                    ? Optional.empty()
                    : Optional.of(new IpAddress(
                            destination.version(), SocketAddress.high(name, 0), SocketAddress.low(name, 0)));
        } finally {
            Libc.close(socket);
        }
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

    /** Every address that the host has, of whatever kind. */
    public static Set<IpAddress> all() {
        Set<IpAddress> addresses = new HashSet<>();
        try {
            for (NetworkInterface link : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                link.inetAddresses().map(InterfaceAddresses::address).forEach(addresses::add);
            }
        } catch (SocketException vanished) {
            return addresses;
        }
        return addresses;
    }

    static boolean isUsable(IpAddress address) {
        return !address.isLoopback() && !address.isLinkLocal() && !address.isMulticast() && !address.isUnspecified();
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
        if (Collections.disjoint(interfaces, byInterface.keySet())) {
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
