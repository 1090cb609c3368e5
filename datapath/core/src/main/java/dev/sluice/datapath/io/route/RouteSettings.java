package dev.sluice.datapath.io.route;

import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPrefix;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a tunnel wants of its host.
 *
 * @param addresses the device's
 * @param resources led into the tunnel before anything of the host's own
 * @param internet led into the tunnel behind the networks that the host is in: a default route, and whatever a plain
 *     tunnel leads to
 * @param outside left to the host's own routes, of what {@code internet} would take
 * @param table of the host's, into which {@code resources} go without rules and without anything that refuses; {@link
 *     #NO_TABLE} where they are led to by ours
 */
public record RouteSettings(
        List<TunnelAddress> addresses,
        List<IpPrefix> resources,
        List<IpPrefix> internet,
        List<IpPrefix> outside,
        int table) {
    public static final int NO_TABLE = 0;

    /** Nothing. */
    public static final RouteSettings NONE = new RouteSettings(List.of(), List.of(), List.of(), List.of(), NO_TABLE);

    public RouteSettings {
        addresses = List.copyOf(addresses);
        resources = List.copyOf(resources);
        internet = List.copyOf(internet);
        outside = List.copyOf(outside);
    }

    /** A client's or gateway's: a default route is the internet resource's, everything else goes first. */
    public static RouteSettings of(Collection<IpAddress> addresses, Collection<IpPrefix> routes) {
        return new RouteSettings(
                addresses.stream().map(TunnelAddress::alone).toList(),
                routes.stream().filter(route -> route.length() > 0).toList(),
                routes.stream().filter(route -> route.length() == 0).toList(),
                List.of(),
                NO_TABLE);
    }

    /** The part of one family. */
    RouteSettings of(int version) {
        return new RouteSettings(
                addresses.stream()
                        .filter(address -> address.address().version() == version)
                        .toList(),
                only(version, resources),
                only(version, internet),
                only(version, outside),
                table);
    }

    /** Everything that goes into the tunnel. */
    List<IpPrefix> led() {
        return table != NO_TABLE
                ? List.of()
                : Stream.concat(resources.stream(), internet.stream()).toList();
    }

    private static List<IpPrefix> only(int version, List<IpPrefix> prefixes) {
        return prefixes.stream()
                .filter(prefix -> prefix.network().version() == version)
                .distinct()
                .toList();
    }
}
