package dev.sluice.lab;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who is where.
 *
 * <pre>
 *                          portal 203.0.113.10
 *                             |
 *      client-router ----- internet ----- gateway-router
 *       |         |                             |
 *    client   client-2                       gateway ----- resource 172.20.0.100
 *  172.30.0.100  172.30.1.100             172.31.0.100
 * </pre>
 *
 * IPv6 runs beside IPv4 everywhere, in networks of the same numbers (172:30::100). Only the gateway reaches the resource:
 * each router leads the resource's networks, and those of the tunnel, into a sink, which counts what should have been in a
 * tunnel.
 */
public final class Topology {
    public static final String PORTAL = "portal";
    public static final String CLIENT = "client";
    public static final String CLIENT_2 = "client-2";
    public static final String GATEWAY = "gateway";
    public static final String RESOURCE = "resource";
    public static final String CLIENT_ROUTER = "client-router";
    public static final String GATEWAY_ROUTER = "gateway-router";

    public static final String PORTAL_IPV4 = "203.0.113.10";
    public static final String PORTAL_IPV6 = "203:0:113::10";
    public static final String CLIENT_IPV4 = "172.30.0.100";
    public static final String CLIENT_IPV6 = "172:30::100";
    public static final String GATEWAY_IPV4 = "172.31.0.100";
    public static final String GATEWAY_IPV6 = "172:31::100";
    public static final String RESOURCE_IPV4 = "172.20.0.100";
    public static final String RESOURCE_IPV6 = "172:20::100";

    /** The gateway's router as the gateway sees it. */
    public static final String GATEWAY_ROUTER_INNER_IPV4 = "172.31.0.1";

    static final String INTERNET = "internet";
    static final List<String> ROUTERS = List.of(CLIENT_ROUTER, GATEWAY_ROUTER);
    static final List<String> HOSTS =
            List.of(PORTAL, CLIENT, CLIENT_2, GATEWAY, RESOURCE, CLIENT_ROUTER, GATEWAY_ROUTER);
    static final List<String> NAMESPACES =
            Stream.concat(HOSTS.stream(), Stream.of(INTERNET)).toList();
    static final List<String> FORWARDING = List.of(INTERNET, CLIENT_ROUTER, GATEWAY_ROUTER, GATEWAY);
    static final List<String> RESOURCE_NETWORKS = List.of("172.20.0.0/16", "172:20::/64");

    /** Where the addresses of clients in the tunnel are. */
    static final List<String> TUNNEL_NETWORKS = List.of("100.64.0.0/11", "fd00:2021:1111::/107");

    static final List<String> SUNK_NETWORKS =
            Stream.concat(RESOURCE_NETWORKS.stream(), TUNNEL_NETWORKS.stream()).toList();

    private static final List<String> NONE = List.of();

    static final List<Link> LINKS = List.of(
            Link.between(
                    PORTAL,
                    List.of(PORTAL_IPV4 + "/28", PORTAL_IPV6 + "/112"),
                    List.of("default via 203.0.113.1", "default via 203:0:113::1"),
                    INTERNET,
                    List.of("203.0.113.1/28", "203:0:113::1/112"),
                    NONE),
            Link.between(
                    CLIENT_ROUTER,
                    List.of("203.0.113.18/28", "203:0:113::1:2/112"),
                    List.of("default via 203.0.113.17", "default via 203:0:113::1:1"),
                    INTERNET,
                    List.of("203.0.113.17/28", "203:0:113::1:1/112"),
                    List.of("172.30.0.0/16 via 203.0.113.18", "172:30::/32 via 203:0:113::1:2")),
            Link.between(
                    GATEWAY_ROUTER,
                    List.of("203.0.113.34/28", "203:0:113::2:2/112"),
                    List.of("default via 203.0.113.33", "default via 203:0:113::2:1"),
                    INTERNET,
                    List.of("203.0.113.33/28", "203:0:113::2:1/112"),
                    List.of("172.31.0.0/16 via 203.0.113.34", "172:31::/32 via 203:0:113::2:2")),
            Link.between(
                    CLIENT,
                    List.of(CLIENT_IPV4 + "/24", CLIENT_IPV6 + "/64"),
                    List.of("default via 172.30.0.1", "default via 172:30::1"),
                    CLIENT_ROUTER,
                    List.of("172.30.0.1/24", "172:30::1/64"),
                    NONE),
            Link.between(
                    CLIENT_2,
                    List.of("172.30.1.100/24", "172:30:0:1::100/64"),
                    List.of("default via 172.30.1.1", "default via 172:30:0:1::1"),
                    CLIENT_ROUTER,
                    List.of("172.30.1.1/24", "172:30:0:1::1/64"),
                    NONE),
            Link.between(
                    GATEWAY,
                    List.of(GATEWAY_IPV4 + "/24", GATEWAY_IPV6 + "/64"),
                    List.of("default via 172.31.0.1", "default via 172:31::1"),
                    GATEWAY_ROUTER,
                    List.of("172.31.0.1/24", "172:31::1/64"),
                    NONE),
            Link.between(
                    RESOURCE,
                    List.of(RESOURCE_IPV4 + "/16", RESOURCE_IPV6 + "/64"),
                    TUNNEL_NETWORKS.stream()
                            .map(network ->
                                    network + " via " + (network.indexOf("::") < 0 ? "172.20.0.2" : "172:20::2"))
                            .toList(),
                    GATEWAY,
                    List.of("172.20.0.2/16", "172:20::2/64"),
                    NONE));

    private Topology() {}

    static Link link(String name) {
        Optional<Link> found =
                LINKS.stream().filter(link -> link.name().equals(name)).findFirst();
        return found.orElseThrow(() -> new LabException("there is no link " + name + "; the links are "
                + LINKS.stream().map(Link::name).toList()));
    }

    static String host(String name) {
        if (!HOSTS.contains(name)) {
            throw new LabException("there is no host " + name + "; the hosts are " + HOSTS);
        }
        return name;
    }
}
