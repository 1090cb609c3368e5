package dev.sluice.datapath.io.route;

import dev.sluice.datapath.wire.IpPrefix;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The rules, addresses and routes of one family that a tunnel has on its host, in the order in which they are set. */
record FamilyState(List<Rule> rules, Set<TunnelAddress> addresses, Set<Route> routes) {
    /** The word for the state of the device. */
    static final String LINK_UP = "the device being up";

    static final FamilyState NONE = new FamilyState(List.of(), Set.of(), Set.of());

    /**
     * What settings ask for.
     *
     * @param settings of one family
     * @param everything the family's default prefix
     * @param device the TUN device's index
     * @param mark of the tunnel's own packets
     * @param outside what the internet's routes are not to take
     * @param leads false where the device cannot have the family: then everything of it is refused
     */
    static FamilyState wanted(
            RouteSettings settings, IpPrefix everything, int device, int mark, Set<IpPrefix> outside, boolean leads) {
        List<Rule> rules = new ArrayList<>();
        Set<Route> routes = new LinkedHashSet<>();
        if (settings.table() != RouteSettings.NO_TABLE) {
            settings.resources().forEach(prefix -> routes.add(Route.to(device, prefix, settings.table())));
            return new FamilyState(rules, leads ? new LinkedHashSet<>(settings.addresses()) : Set.of(), routes);
        }
        routes.add(Route.unreachable(everything, RoutingTables.NOTHING_IN_CLEAR));
        rules.add(Rule.unmarked(RoutingTables.RESOURCES_PRIORITY, mark, RoutingTables.RESOURCES));
        lead(settings.resources(), RoutingTables.RESOURCES, device, leads, routes);
        if (!settings.internet().isEmpty()) {
            rules.add(Rule.unmarked(RoutingTables.INTERNET_PRIORITY, mark, RoutingTables.INTERNET));
            outside.forEach(prefix -> routes.add(Route.outside(prefix, RoutingTables.INTERNET)));
            List<IpPrefix> rest = new ArrayList<>(settings.internet());
            rest.removeAll(outside);
            lead(rest, RoutingTables.INTERNET, device, leads, routes);
        }
        for (TunnelAddress own : settings.addresses()) {
            rules.add(
                    Rule.from(RoutingTables.NOTHING_IN_CLEAR_PRIORITY, own.address(), RoutingTables.NOTHING_IN_CLEAR));
        }
        return new FamilyState(rules, leads ? new LinkedHashSet<>(settings.addresses()) : Set.of(), routes);
    }

    /** What is there by name, but for what is thrown out, which comes and goes with the host's own networks. */
    Set<String> words() {
        Set<String> words = new LinkedHashSet<>(rules.isEmpty() ? List.of() : List.of(LINK_UP));
        rules.forEach(rule -> words.add(rule.toString()));
        addresses.forEach(address -> words.add(address.toString()));
        routes.stream().filter(route -> route.kind() != Route.Kind.THROW).forEach(route -> words.add(route.toString()));
        return words;
    }

    private static void lead(List<IpPrefix> prefixes, int table, int device, boolean leads, Set<Route> into) {
        prefixes.forEach(prefix -> into.add(Route.unreachable(prefix, table)));
        if (leads) {
            prefixes.forEach(prefix -> into.add(Route.to(device, prefix, table)));
        }
    }
}
