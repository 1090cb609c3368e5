package dev.sluice.datapath.io;

import dev.sluice.datapath.io.IpTool.Command;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPrefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The commands that lead from one state of the host to another, for one family and one device. In an order that never
 * opens a gap: what refuses is set before what leads, and removed after it.
 */
final class RouteCommands {
    private static final String UNREACHABLE_METRIC = " metric " + RoutingTables.UNREACHABLE_METRIC;

    private final String device;
    private final int family;
    private final List<Command> commands = new ArrayList<>();

    RouteCommands(String device, int family) {
        this.device = device;
        this.family = family;
    }

    List<Command> commands() {
        return List.copyOf(commands);
    }

    /** From {@code present}, whose rules are {@code rules}, to {@code wanted}. */
    RouteCommands change(FamilyRoutes present, FamilyRoutes wanted, RuleSet rules, boolean first) {
        Set<IpPrefix> newRoutes = wanted.routesWithout(present);
        Set<IpAddress> newAddresses = wanted.addressesWithout(present);
        newRoutes.forEach(this::refuse);
        set("route replace unreachable default table " + RoutingTables.NOTHING_IN_CLEAR + UNREACHABLE_METRIC
                + " proto static");
        rules(rules, wanted);
        if (first) {
            attempt("link set dev " + device + " addrgenmode none");
            set("link set dev " + device + " up");
        }
        newAddresses.forEach(address -> set("addr replace " + address + "/" + address.bitLength() + " dev " + device
                + (family == 6 ? " nodad" : "")));
        newRoutes.forEach(prefix ->
                set("route replace " + prefix + " dev " + device + " table " + table(prefix) + " proto static"));
        present.routesWithout(wanted).forEach(this::forget);
        present.addressesWithout(wanted)
                .forEach(address -> attempt("addr del " + address + "/" + address.bitLength() + " dev " + device));
        rules.surplus(RuleSet.wanted(wanted)).forEach(rule -> attempt("rule del " + rule.text()));
        return this;
    }

    /** The unreachable twins of routes that an earlier process led into the tunnel, and nobody leads there now. */
    RouteCommands forgetLeftOvers(Collection<IpPrefix> leftOvers) {
        leftOvers.forEach(this::permit);
        return this;
    }

    /** Everything away, the routes into the tunnel first. */
    RouteCommands removeAll(FamilyRoutes present, RuleSet rules, boolean alone) {
        present.routes().forEach(this::forget);
        present.addresses()
                .forEach(address -> attempt("addr del " + address + "/" + address.bitLength() + " dev " + device));
        rules.surplus(alone ? RuleSet.NONE : RuleSet.shared()).forEach(rule -> attempt("rule del " + rule.text()));
        if (alone) {
            attempt("route del unreachable default table " + RoutingTables.NOTHING_IN_CLEAR + UNREACHABLE_METRIC);
        }
        return this;
    }

    /** Makes the copies of link-scope routes these. */
    RouteCommands copyLinkScope(Set<String> present, Set<String> wanted) {
        wanted.stream()
                .filter(route -> !present.contains(route))
                .forEach(route -> set("route replace " + route + " table " + RoutingTables.LINK_SCOPE));
        present.stream()
                .filter(route -> !wanted.contains(route))
                .forEach(route -> attempt("route del " + route + " table " + RoutingTables.LINK_SCOPE));
        return this;
    }

    private void rules(RuleSet present, FamilyRoutes wanted) {
        present.missing(RuleSet.wanted(wanted)).forEach(rule -> set("rule add " + rule.text()));
    }

    private void refuse(IpPrefix prefix) {
        set("route replace unreachable " + prefix + " table " + table(prefix) + UNREACHABLE_METRIC + " proto static");
    }

    private void permit(IpPrefix prefix) {
        attempt("route del unreachable " + prefix + " table " + table(prefix) + UNREACHABLE_METRIC);
    }

    private void forget(IpPrefix prefix) {
        attempt("route del " + prefix + " dev " + device + " table " + table(prefix));
        permit(prefix);
    }

    private static int table(IpPrefix prefix) {
        return prefix.length() == 0 ? RoutingTables.INTERNET : RoutingTables.RESOURCES;
    }

    private void set(String text) {
        commands.add(Command.set(text));
    }

    private void attempt(String text) {
        commands.add(Command.attempt(text));
    }
}
