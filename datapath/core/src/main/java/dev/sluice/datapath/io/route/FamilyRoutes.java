package dev.sluice.datapath.io.route;

import dev.sluice.datapath.io.netlink.NetlinkException;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPrefix;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One family's part of the host: what is there is read from the kernel each time, and never remembered. Changes go in
 * an order that opens no gap: what refuses is set before what leads, and removed after it.
 */
final class FamilyRoutes {
    /** A wider network is no local one, whatever a stranger's DHCP server says. */
    private static final int WIDEST_LINK_IPV4 = 8;

    private static final int WIDEST_LINK_IPV6 = 16;

    private static final System.Logger LOG = System.getLogger(FamilyRoutes.class.getName());

    private final Rtnetlink host;
    private final String device;
    private final int version;
    private final int mark;
    private final IpPrefix everything;
    private RouteSettings settings = RouteSettings.NONE;
    private FamilyState before = FamilyState.NONE;
    private FamilyState wanted = FamilyState.NONE;
    private Set<IpPrefix> outside = Set.of();
    private final Set<Route> yielded = new LinkedHashSet<>();
    private boolean first = true;

    FamilyRoutes(Rtnetlink host, String device, int version, int mark) {
        this.host = host;
        this.device = device;
        this.version = version;
        this.mark = mark;
        this.everything = IpPrefix.parse(version == 4 ? "0.0.0.0/0" : "::/0");
    }

    /** A change of the host, which it may refuse. */
    @FunctionalInterface
    private interface Change {
        void make() throws NetlinkException;
    }

    int version() {
        return version;
    }

    /**
     * Finds out what the settings ask for on the host as it is.
     *
     * @param leads false where the device cannot have this family
     */
    void plan(RouteSettings all, boolean leads) throws NetlinkException {
        settings = all.of(version);
        outside = new TreeSet<>(settings.outside());
        outside.addAll(linkScope());
        wanted = FamilyState.wanted(settings, everything, index(), mark, outside, leads);
    }

    /**
     * Makes it so.
     *
     * @param missing takes, in words, what had been set and was not there any more
     */
    void apply(List<String> missing, List<String> failures) throws NetlinkException {
        int index = index();
        Present present = new Present();
        List<String> added = new ArrayList<>();
        set(present, index, added, failures);
        remove(present, index, first, failures);
        before.words().stream().filter(added::contains).forEach(missing::add);
        before = wanted;
        first = false;
    }

    /** What the settings lead into the tunnel, without what stays outside. */
    List<AddressRange> kept() {
        return AddressRange.of(settings.led(), settings.internet().isEmpty() ? Set.of() : outside);
    }

    /** Removes everything of ours that no other device of this host needs. */
    void removeAll(boolean leftOvers, List<String> failures) throws NetlinkException {
        wanted = FamilyState.NONE;
        remove(new Present(), index(), leftOvers, failures);
        before = wanted;
    }

    /** Devices other than ours that routes of our tables lead to: a second process on this host. */
    Set<String> otherDevices() throws NetlinkException {
        Set<Integer> indices = new Present().otherDevices(index());
        return host.links().entrySet().stream()
                .filter(link -> indices.contains(link.getValue().index()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The networks that are directly on the host's other interfaces, by their addresses. */
    private Set<IpPrefix> linkScope() throws NetlinkException {
        if (settings.internet().isEmpty()) {
            return Set.of();
        }
        int own = index();
        int widest = version == 4 ? WIDEST_LINK_IPV4 : WIDEST_LINK_IPV6;
        List<Rtnetlink.InterfaceAddress> addresses = host.addresses(version);
        Set<IpPrefix> links = new TreeSet<>();
        for (Route route : host.routes(version, RoutingTables.MAIN)) {
            boolean onLink = addresses.stream()
                    .anyMatch(address -> address.device() == route.device()
                            && address.onLink().equals(route.destination()));
            if (route.kind() == Route.Kind.DEVICE
                    && route.device() != own
                    && onLink
                    && route.destination().length() >= widest) {
                links.add(route.destination());
            }
        }
        return links;
    }

    private int index() throws NetlinkException {
        Rtnetlink.Link link = host.links().get(device);
        return link == null ? 0 : link.index();
    }

    private void set(Present present, int index, List<String> added, List<String> failures) throws NetlinkException {
        for (Route route : wanted.routes()) {
            if (route.kind() == Route.Kind.UNREACHABLE && !present.routes.contains(route)) {
                added.add(route.toString());
                attempt(failures, route.toString(), () -> host.set(route));
            }
        }
        for (Rule rule : wanted.rules()) {
            if (!present.rules.contains(rule)) {
                added.add(rule.toString());
                attempt(failures, rule.toString(), () -> host.add(version, rule));
            }
        }
        Rtnetlink.Link link = host.links().get(device);
        if (link != null && !link.up()) {
            added.add(FamilyState.LINK_UP);
            attempt(failures, FamilyState.LINK_UP, () -> host.up(index));
        }
        for (TunnelAddress address : wanted.addresses()) {
            if (!present.own(index).contains(address)) {
                added.add(address.toString());
                attempt(failures, address.toString(), () -> host.add(index, address));
            }
        }
        for (Route route : wanted.routes()) {
            if (route.kind() != Route.Kind.UNREACHABLE && !present.routes.contains(route)) {
                added.add(route.toString());
                attempt(failures, route.toString(), () -> lead(route));
            }
        }
    }

    private void remove(Present present, int index, boolean leftOvers, List<String> failures) {
        Set<Integer> others = present.otherDevices(index);
        for (Route route : present.routes) {
            boolean ours = index != 0 && route.device() == index
                    || before.routes().contains(route)
                    || route.kind() == Route.Kind.THROW && others.isEmpty();
            if (ours
                    && route.kind() != Route.Kind.UNREACHABLE
                    && !wanted.routes().contains(route)) {
                attempt(failures, route.toString(), () -> host.remove(route));
            }
        }
        for (Route route : present.routes) {
            boolean ours = before.routes().contains(route) || leftOvers && present.isLeftOver(route, index);
            boolean last = route.table() == RoutingTables.NOTHING_IN_CLEAR && !others.isEmpty();
            if (ours
                    && !last
                    && route.kind() == Route.Kind.UNREACHABLE
                    && !wanted.routes().contains(route)) {
                attempt(failures, route.toString(), () -> host.remove(route));
            }
        }
        for (TunnelAddress address : before.addresses()) {
            if (!wanted.addresses().contains(address)) {
                attempt(failures, address.toString(), () -> host.remove(index, address));
            }
        }
        List<Rule> surplus = new ArrayList<>(present.rules);
        wanted.rules().forEach(surplus::remove);
        for (Rule rule : surplus) {
            if (!present.isNeededByOthers(rule, others, index)) {
                attempt(failures, rule.toString(), () -> host.remove(version, rule));
            }
        }
    }

    /** In a table of the host's, its own routes stay; said once. */
    private void lead(Route route) throws NetlinkException {
        if (RoutingTables.isOurs(route.table())) {
            host.set(route);
        } else if (!host.addIfAbsent(route) && yielded.add(route)) {
            LOG.log(System.Logger.Level.WARNING, route + " is not set: the host has one to the same destination");
        }
    }

    private static void attempt(List<String> failures, String what, Change change) {
        try {
            change.make();
        } catch (NetlinkException refused) {
            failures.add(what + ": " + refused.getMessage());
        }
    }

    /** What is there now. */
    private final class Present {
        private final List<Rule> rules;
        private final Set<Route> routes = new LinkedHashSet<>();
        private final List<Rtnetlink.InterfaceAddress> addresses;

        Present() throws NetlinkException {
            rules = host.rules(version);
            for (int table : RoutingTables.OURS) {
                routes.addAll(host.routes(version, table));
            }
            if (settings.table() != RouteSettings.NO_TABLE) {
                routes.addAll(host.routes(version, settings.table()));
            }
            addresses = host.addresses(version);
        }

        Set<TunnelAddress> own(int index) {
            return addresses.stream()
                    .filter(address -> address.device() == index)
                    .map(Rtnetlink.InterfaceAddress::address)
                    .collect(Collectors.toSet());
        }

        Set<Integer> otherDevices(int own) {
            return routes.stream()
                    .filter(route -> route.kind() == Route.Kind.DEVICE && route.device() != own)
                    .map(Route::device)
                    .collect(Collectors.toSet());
        }

        /** Refuses what an earlier process led into its tunnel, and nobody leads anywhere now. */
        boolean isLeftOver(Route route, int own) {
            return route.kind() == Route.Kind.UNREACHABLE
                    && routes.stream()
                            .noneMatch(other -> other.kind() == Route.Kind.DEVICE
                                    && other.device() != own
                                    && other.table() == route.table()
                                    && other.destination().equals(route.destination()));
        }

        /** A rule about an address of another device, or to a table that another device is led to by. */
        boolean isNeededByOthers(Rule rule, Set<Integer> others, int own) {
            IpAddress source = rule.source();
            if (source != null) {
                return addresses.stream()
                        .anyMatch(address -> address.device() != own
                                && address.address().address().equals(source));
            }
            boolean twice = rules.stream().filter(rule::equals).count() > 1;
            return !twice
                    && routes.stream()
                            .anyMatch(route -> route.table() == rule.table() && others.contains(route.device()));
        }
    }
}
