package dev.sluice.datapath.app;

import dev.sluice.datapath.io.route.RouteSettings;
import dev.sluice.datapath.io.route.TunnelAddress;
import dev.sluice.datapath.wire.IpPrefix;
import dev.sluice.datapath.wireguard.WireGuardConfig;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a plain WireGuard file asks of the host's routes.
 *
 * @param warnings what its owner may take for granted, and does not get
 */
record WireGuardRoutes(RouteSettings settings, List<String> warnings) {
    /** A default route in two halves, as those write it who cannot replace the host's own. */
    private static final List<List<IpPrefix>> HALVES = List.of(
            List.of(IpPrefix.parse("0.0.0.0/1"), IpPrefix.parse("128.0.0.0/1"), IpPrefix.parse("0.0.0.0/0")),
            List.of(IpPrefix.parse("::/1"), IpPrefix.parse("8000::/1"), IpPrefix.parse("::/0")));

    WireGuardRoutes {
        warnings = List.copyOf(warnings);
    }

    /** @param outside what a default route is to leave to the host's own routes */
    static WireGuardRoutes of(WireGuardConfig config, List<IpPrefix> outside) {
        List<TunnelAddress> addresses = config.addresses().stream()
                .map(address -> new TunnelAddress(address.address(), address.prefixLength()))
                .toList();
        Set<IpPrefix> peers = new LinkedHashSet<>();
        config.peers().forEach(peer -> peers.addAll(peer.allowedIps()));
        HALVES.forEach(halves -> join(halves, peers));
        List<IpPrefix> led = List.copyOf(peers);
        RouteSettings settings = switch (config.routing()) {
            case WireGuardConfig.Routing.Automatic automatic ->
                new RouteSettings(addresses, List.of(), led, outside, RouteSettings.NO_TABLE);
            case WireGuardConfig.Routing.Off off ->
                new RouteSettings(addresses, List.of(), List.of(), List.of(), RouteSettings.NO_TABLE);
            case WireGuardConfig.Routing.Table table ->
                new RouteSettings(addresses, led, List.of(), List.of(), table.number());
        };
        return new WireGuardRoutes(settings, warnings(config, led));
    }

    private static void join(List<IpPrefix> halves, Set<IpPrefix> peers) {
        if (peers.contains(halves.get(0)) && peers.contains(halves.get(1))) {
            peers.remove(halves.get(0));
            peers.remove(halves.get(1));
            peers.add(halves.get(2));
        }
    }

    private static List<String> warnings(WireGuardConfig config, List<IpPrefix> led) {
        List<String> warnings = new ArrayList<>();
        if (!config.dns().isEmpty()) {
            warnings.add("DNS = " + String.join(", ", config.dns()) + " is not applied: names are looked up where this"
                    + " host looks them up, and towards a resolver on the local network they leave in clear."
                    + " Set the resolver yourself, for example: resolvectl dns DEVICE ADDRESS");
        }
        boolean ipv4 = led.stream()
                .anyMatch(prefix -> prefix.length() == 0 && prefix.network().isIpv4());
        boolean ipv6 = led.stream()
                .anyMatch(prefix -> prefix.length() == 0 && !prefix.network().isIpv4());
        if (ipv4 != ipv6) {
            warnings.add("everything of IPv" + (ipv4 ? 4 : 6) + " goes through the tunnel, and IPv" + (ipv4 ? 6 : 4)
                    + " beside it in clear: add " + (ipv4 ? "::/0" : "0.0.0.0/0") + " to AllowedIPs to keep it in");
        }
        return warnings;
    }
}
