package dev.sluice.lab;

import dev.sluice.lab.Link.End;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Lays out {@link Topology} and changes what a link is made of. */
public final class Network {
    private static final String SINK = "sink";
    private static final String SINK_ADDRESS_IPV4 = "198.51.100.1";
    private static final String SINK_ADDRESS_IPV6 = "fe80::1";
    private static final String NOBODY = "02:00:00:00:00:01";

    private final Map<String, Wire> wires = new HashMap<>();

    /** Makes every namespace, link, address, route and sink. */
    void build() {
        for (String host : Topology.NAMESPACES) {
            Program.require(List.of("ip", "netns", "add", host), "");
            prepare(host);
            batch(host, "link set lo up\n");
        }
        for (Link link : Topology.LINKS) {
            connectByVeth(link);
            configure(link);
        }
        for (String router : Topology.ROUTERS) {
            batch(router, sink(router));
            batch(Topology.INTERNET, "link set " + sinkPeer(router) + " up\n");
        }
    }

    /** Replaces the cable of {@code link} by the lab's own wire, or changes the wire that is there. */
    public synchronized void impair(String link, Impairment impairment) {
        Link known = Topology.link(link);
        Wire there = wires.get(link);
        if (there != null && there.isAlive()) {
            there.change(impairment);
            return;
        }
        batch(known.lower().host(), "link delete " + known.lower().device() + "\n");
        wires.put(link, Wire.start(known, impairment));
        configure(known);
    }

    /** Puts the plain cable back. */
    public synchronized void repair(String link) {
        Link known = Topology.link(link);
        Wire there = wires.remove(link);
        if (there != null) {
            there.stop();
            connectByVeth(known);
            configure(known);
        }
    }

    /** The links that run over the lab's own wire, each with what the wire does to frames. */
    synchronized Map<String, Impairment> impaired() {
        return wires.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().impairment()));
    }

    /**
     * How many packets {@code router} has sent into its sink: those for the resource or from it that came in clear, and a
     * few that the kernel sends of its own while the lab comes up. So what happened in between is the difference of two.
     */
    public static long leaked(String router) {
        try {
            return Namespace.call(
                    router,
                    () -> Files.readAllLines(Path.of("/proc/thread-self/net/dev")).stream()
                            .map(String::strip)
                            .filter(line -> line.startsWith(SINK + ":"))
                            .mapToLong(line -> Long.parseLong(line.split("[:\\s]+")[10]))
                            .sum());
        } catch (Exception e) {
            throw new LabException("cannot read the sink of " + router, e);
        }
    }

    /** Sets {@code name} (a path below /proc/sys/net) to {@code value} in the network of {@code host}. */
    public static void sysctl(String host, String name, String value) {
        try {
            Namespace.call(
                    host, () -> Files.writeString(Path.of("/proc/sys/net").resolve(name), value));
        } catch (Exception e) {
            throw new LabException("cannot set " + name + " on " + host, e);
        }
    }

    /** Runs lines of {@code ip} commands in the network of {@code host}, all or none visible as one failure. */
    public static void batch(String host, CharSequence lines) {
        Program.require(List.of("ip", "-n", host, "-batch", "-"), lines.toString());
    }

    /** Runs a line of shell on {@code host}, as somebody who is root there, and returns what it printed. */
    public static String shell(String host, String line) {
        return Program.require(Program.on(host, List.of("sh", "-c", line)), "");
    }

    private static void prepare(String host) {
        String forward = Topology.FORWARDING.contains(host) ? "1" : "0";
        Map<String, String> settings = Map.of(
                "ipv6/conf/all/accept_dad", "0",
                "ipv6/conf/default/accept_dad", "0",
                "ipv6/conf/all/accept_ra", "0",
                "ipv6/conf/default/accept_ra", "0",
                "ipv4/conf/all/rp_filter", "0",
                "ipv4/conf/default/rp_filter", "0",
                "ipv4/ip_forward", forward,
                "ipv6/conf/all/forwarding", forward);
        try {
            Namespace.call(host, () -> {
                for (var setting : settings.entrySet()) {
                    Files.writeString(Path.of("/proc/sys/net").resolve(setting.getKey()), setting.getValue());
                }
                return settings;
            });
        } catch (IOException e) {
            throw new LabException("cannot set the kernel's network options of " + host, e);
        } catch (Exception e) {
            throw LabException.wrap("cannot enter " + host, e);
        }
    }

    private static void connectByVeth(Link link) {
        batch(
                link.lower().host(),
                "link add " + link.lower().device() + " type veth peer name "
                        + link.upper().device() + " netns " + link.upper().host() + "\n");
    }

    private static void configure(Link link) {
        batch(link.upper().host(), commands(link.upper()));
        batch(link.lower().host(), commands(link.lower()));
    }

    private static String commands(End end) {
        StringBuilder lines = new StringBuilder();
        lines.append("link set ").append(end.device()).append(" up\n");
        for (String address : end.addresses()) {
            lines.append("address add ").append(address).append(" dev ").append(end.device());
            lines.append(address.indexOf(':') < 0 ? "\n" : " nodad\n");
        }
        for (String route : end.routes()) {
            lines.append("route replace ")
                    .append(route)
                    .append(" dev ")
                    .append(end.device())
                    .append('\n');
        }
        return lines.toString();
    }

    /** A cable to nobody: what is led into it is counted as sent and received by no one. */
    private static String sink(String router) {
        StringBuilder lines = new StringBuilder();
        lines.append(
                "link add " + SINK + " type veth peer name " + sinkPeer(router) + " netns " + Topology.INTERNET + "\n");
        // Without a link-local address the kernel soon sends nothing of its own here.
        lines.append("link set " + SINK + " addrgenmode none\nlink set " + SINK + " up\n");
        lines.append("neighbour add " + SINK_ADDRESS_IPV4 + " lladdr " + NOBODY + " dev " + SINK + " nud permanent\n");
        lines.append("neighbour add " + SINK_ADDRESS_IPV6 + " lladdr " + NOBODY + " dev " + SINK + " nud permanent\n");
        for (String network : Topology.SUNK_NETWORKS) {
            String next = network.indexOf("::") < 0 ? SINK_ADDRESS_IPV4 : SINK_ADDRESS_IPV6;
            lines.append("route add " + network + " via " + next + " dev " + SINK + " onlink\n");
        }
        return lines.toString();
    }

    private static String sinkPeer(String router) {
        return "sink-" + router.replace("-router", "");
    }
}
