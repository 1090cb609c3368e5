package dev.sluice.functions.outgoing;

import dev.sluice.functions.address.IpNetwork;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/** Which addresses are those of the world at large: all but the special-purpose ones of IANA's registries (RFC 6890). */
final class PublicAddresses {
    private static final List<IpNetwork> SPECIAL = Stream.of(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.0.2.0/24",
                    "192.88.99.0/24",
                    "192.168.0.0/16",
                    "198.18.0.0/15",
                    "198.51.100.0/24",
                    "203.0.113.0/24",
                    "224.0.0.0/4",
                    "240.0.0.0/4",
                    "::/96",
                    "64:ff9b:1::/48",
                    "100::/64",
                    "2001::/23",
                    "2001:db8::/32",
                    "2002::/16",
                    "3fff::/20",
                    "5f00::/16",
                    "fc00::/7",
                    "fe80::/10",
                    "fec0::/10",
                    "ff00::/8")
            .map(network -> IpNetwork.parse(network).orElseThrow())
            .toList();

    private PublicAddresses() {}

    /** One that stands for an IPv4 address is as public as that. */
    static boolean contain(InetAddress address) {
        InetAddress meant = new IpNetwork(address, address.getAddress().length * 8)
                .unmapped()
                .address();
        return SPECIAL.stream().noneMatch(network -> network.contains(meant));
    }
}
