package dev.sluice.datapath.policy;

import dev.sluice.channel.Resource;
import dev.sluice.datapath.wire.IpPrefix;
import java.util.List;

/** The addresses of resources. */
public final class Networks {
    private Networks() {}

    /** A resource's networks; none if it is not one of addresses, or its address is none. */
    public static List<IpPrefix> of(Resource resource) {
        return switch (resource) {
            case Resource.Cidr cidr -> parse(cidr.address());
            case Resource.Dns _ -> List.of();
            case Resource.Internet _ -> List.of();
        };
    }

    private static List<IpPrefix> parse(String address) {
        try {
            return List.of(IpPrefix.parse(address));
        } catch (IllegalArgumentException _) {
            return List.of();
        }
    }
}
