package dev.sluice.datapath.portal;

import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPrefix;
import java.util.List;

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

    /** Whether this is our own address. */
    public boolean owns(IpAddress address) {
        return address.equals(ipv4) || address.equals(ipv6);
    }

    /** Whether a device's tunnel address could be this. */
    public static boolean isTunnelAddress(IpAddress address) {
        return TUNNEL_IPV4.contains(address) || TUNNEL_IPV6.contains(address);
    }
}
