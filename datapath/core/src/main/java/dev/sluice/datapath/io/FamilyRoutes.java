package dev.sluice.datapath.io;

import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPrefix;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/** The addresses and routes of one family, in the order they were given. */
record FamilyRoutes(Set<IpAddress> addresses, Set<IpPrefix> routes) {
    static final FamilyRoutes NONE = new FamilyRoutes(Set.of(), Set.of());

    static FamilyRoutes of(int family, Collection<IpAddress> addresses, Collection<IpPrefix> routes) {
        Set<IpAddress> ours = new LinkedHashSet<>(addresses);
        ours.removeIf(address -> address.version() != family);
        Set<IpPrefix> led = new LinkedHashSet<>(routes);
        led.removeIf(prefix -> prefix.network().version() != family);
        return new FamilyRoutes(Collections.unmodifiableSet(ours), Collections.unmodifiableSet(led));
    }

    /** Whether everything that no other route takes goes into the tunnel: an internet resource. */
    boolean hasDefault() {
        return routes.stream().anyMatch(prefix -> prefix.length() == 0);
    }

    Set<IpAddress> addressesWithout(FamilyRoutes other) {
        Set<IpAddress> rest = new LinkedHashSet<>(addresses);
        rest.removeAll(other.addresses);
        return rest;
    }

    Set<IpPrefix> routesWithout(FamilyRoutes other) {
        Set<IpPrefix> rest = new LinkedHashSet<>(routes);
        rest.removeAll(other.routes);
        return rest;
    }
}
