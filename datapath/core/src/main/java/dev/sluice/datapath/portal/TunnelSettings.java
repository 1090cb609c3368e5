package dev.sluice.datapath.portal;

import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPrefix;
import java.util.List;
import java.util.Optional;

/**
 * What the device's end of the tunnel is to be set to.
 *
 * @param ipv4 our address, with the full prefix length
 * @param ipv6 the same
 * @param routes what leads into the tunnel, in a stable order
 */
public record TunnelSettings(IpAddress ipv4, IpAddress ipv6, List<IpPrefix> routes) {
    /** Where the tunnel addresses of all devices are: 100.64.0.0/11. */
    public static final IpPrefix TUNNEL_IPV4 = IpPrefix.parse("100.64.0.0/11");

    /** Where the tunnel addresses of all devices are: fd00:2021:1111::/107. */
    public static final IpPrefix TUNNEL_IPV6 = IpPrefix.parse("fd00:2021:1111::/107");

    public TunnelSettings {
        routes = List.copyOf(routes);
    }

    /** The settings for these addresses as text; empty if one of them is none of its family. */
    public static Optional<TunnelSettings> parse(String ipv4, String ipv6, List<IpPrefix> routes) {
        try {
            IpAddress first = IpAddress.parse(ipv4);
            IpAddress second = IpAddress.parse(ipv6);
            return first.isIpv4() && !second.isIpv4()
                    ? Optional.of(new TunnelSettings(first, second, routes))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
