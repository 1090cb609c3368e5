package dev.sluice.datapath.io;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPrefix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@link HostRoutes} by iproute2's {@code ip -batch}. Tables and rules: {@link RoutingTables}. */
public final class IpHostRoutes implements HostRoutes {
    private static final Path IPV6 = Path.of("/proc/net/if_inet6");

    private final String device;
    private final IpTool ip = new IpTool();
    private final Family ipv4 = new Family(4);
    private final Family ipv6 = new Family(6);

    /** @param device the TUN device's name */
    public IpHostRoutes(String device) {
        this.device = device;
    }

    @Override
    public void configure(Collection<IpAddress> addresses, Collection<IpPrefix> routes) throws HostRoutesException {
        List<String> failures = new ArrayList<>();
        for (Family family : families()) {
            family.configure(FamilyRoutes.of(family.version, addresses, routes)).ifPresent(failures::add);
        }
        if (!failures.isEmpty()) {
            throw new HostRoutesException(String.join("; ", failures));
        }
    }

    @Override
    public void refresh() throws HostRoutesException {
        for (Family family : families()) {
            family.refresh();
        }
    }

    @Override
    public void close() throws HostRoutesException {
        for (Family family : families()) {
            family.removeAll();
        }
    }

    /**
     * Removes what a killed process left behind.
     *
     * @throws HostRoutesException when a device of ours still runs on this host
     */
    public static void cleanUp() throws HostRoutesException {
        IpHostRoutes left = new IpHostRoutes("");
        for (Family family : left.families()) {
            Set<String> devices = family.otherDevices();
            if (!devices.isEmpty()) {
                throw new HostRoutesException(
                        String.join(", ", devices) + " is in use by a running client or gateway; stop that first");
            }
        }
        for (Family family : left.families()) {
            family.removeLeftOvers();
        }
    }

    /** A host without IPv6 is served with IPv4 alone. */
    private List<Family> families() {
        return Files.exists(IPV6) ? List.of(ipv4, ipv6) : List.of(ipv4);
    }

    /** One family's state: on the host they are apart. */
    private final class Family {
        private final int version;
        private FamilyRoutes present = FamilyRoutes.NONE;
        private boolean started;

        Family(int version) {
            this.version = version;
        }

        Optional<String> configure(FamilyRoutes wanted) throws HostRoutesException {
            RuleSet rules = started ? RuleSet.wanted(present) : rules().withoutThoseOf(otherAddresses());
            RouteCommands commands = new RouteCommands(device, version).change(present, wanted, rules, !started);
            if (!started) {
                Set<IpPrefix> leftOvers = leftOvers();
                leftOvers.removeAll(wanted.routes());
                commands.forgetLeftOvers(leftOvers);
            }
            boolean copies = !started || present.hasDefault() || wanted.hasDefault();
            Optional<String> failure = ip.run(version, commands.commands());
            present = wanted;
            started = true;
            if (copies) {
                copyLinkScope();
            }
            return failure;
        }

        void refresh() throws HostRoutesException {
            if (present.hasDefault()) {
                copyLinkScope();
            }
        }

        private void copyLinkScope() throws HostRoutesException {
            Set<String> copies = linkScope("table", Integer.toString(RoutingTables.LINK_SCOPE));
            Set<String> originals = present.hasDefault() ? linkScope("table", "main") : Set.of();
            ip.run(
                    version,
                    new RouteCommands(device, version)
                            .copyLinkScope(copies, originals)
                            .commands());
        }

        void removeAll() throws HostRoutesException {
            ip.run(
                    version,
                    new RouteCommands(device, version)
                            .removeAll(
                                    present,
                                    rules().withoutThoseOf(otherAddresses()),
                                    otherDevices().isEmpty())
                            .commands());
            present = FamilyRoutes.NONE;
            copyLinkScope();
        }

        void removeLeftOvers() throws HostRoutesException {
            ip.run(
                    version,
                    new RouteCommands(device, version)
                            .forgetLeftOvers(leftOvers())
                            .removeAll(FamilyRoutes.NONE, rules(), true)
                            .commands());
            copyLinkScope();
        }

        /** Devices other than ours that routes of our tables lead to: a second process on this host. */
        Set<String> otherDevices() throws HostRoutesException {
            Set<String> devices = new LinkedHashSet<>();
            for (JsonNode route : led()) {
                if (!unreachable(route)) {
                    devices.add(route.path("dev").asText());
                }
            }
            devices.remove(device);
            return devices;
        }

        private RuleSet rules() throws HostRoutesException {
            return RuleSet.read(ip.show(version, "rule", "show"));
        }

        private List<JsonNode> led() throws HostRoutesException {
            List<JsonNode> routes = new ArrayList<>(
                    ip.show(version, "route", "show", "table", Integer.toString(RoutingTables.RESOURCES)));
            routes.addAll(ip.show(version, "route", "show", "table", Integer.toString(RoutingTables.INTERNET)));
            return routes;
        }

        /** Unreachable routes without a route of the same prefix into another device's tunnel. */
        private Set<IpPrefix> leftOvers() throws HostRoutesException {
            Set<IpPrefix> refused = new LinkedHashSet<>();
            Set<IpPrefix> ledElsewhere = new LinkedHashSet<>();
            for (JsonNode route : led()) {
                (unreachable(route) ? refused : ledElsewhere).add(prefix(route));
            }
            refused.removeAll(ledElsewhere);
            return refused;
        }

        private Set<IpAddress> otherAddresses() throws HostRoutesException {
            Set<IpAddress> addresses = new LinkedHashSet<>();
            for (JsonNode link : ip.show(version, "addr", "show")) {
                if (!link.path("ifname").asText().equals(device)) {
                    link.path("addr_info")
                            .forEach(info -> addresses.add(
                                    IpAddress.parse(info.path("local").asText())));
                }
            }
            return addresses;
        }

        private Set<String> linkScope(String... table) throws HostRoutesException {
            List<String> query = new ArrayList<>(List.of("route", "show"));
            query.addAll(List.of(table));
            Set<String> routes = new LinkedHashSet<>();
            for (JsonNode route : ip.show(version, query.toArray(String[]::new))) {
                boolean direct = !route.has("gateway") && !route.has("type") && route.has("dev");
                if (direct && !route.path("dev").asText().equals(device)) {
                    routes.add(route.path("dst").asText() + " dev "
                            + route.path("dev").asText());
                }
            }
            return routes;
        }

        private static boolean unreachable(JsonNode route) {
            return route.path("type").asText().equals("unreachable");
        }

        private IpPrefix prefix(JsonNode route) {
            String destination = route.path("dst").asText();
            if (destination.equals("default")) {
                return IpPrefix.parse(version == 4 ? "0.0.0.0/0" : "::/0");
            }
            return IpPrefix.parse(
                    destination.contains("/") ? destination : destination + (version == 4 ? "/32" : "/128"));
        }
    }
}
