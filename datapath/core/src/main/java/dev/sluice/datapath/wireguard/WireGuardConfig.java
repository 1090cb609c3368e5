package dev.sluice.datapath.wireguard;

import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPrefix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a plain WireGuard device is configured with.
 *
 * @param keys of the device
 * @param listenPort UDP port, 0 for any
 * @param mark firewall mark of what it sends, 0 for none
 * @param addresses of the TUN device
 * @param mtu of the TUN device
 * @param routing where the routes to the peers go
 * @param dns servers and search domains that the file asks for, as they stand there
 */
public record WireGuardConfig(
        KeyPair keys,
        int listenPort,
        int mark,
        List<InterfaceAddress> addresses,
        int mtu,
        Routing routing,
        List<String> dns,
        List<PeerConfig> peers) {
    /** What wg-quick uses on Ethernet: 1500 less the outer headers of IPv6. */
    public static final int DEFAULT_MTU = 1420;

    public WireGuardConfig {
        addresses = List.copyOf(addresses);
        dns = List.copyOf(dns);
        peers = List.copyOf(peers);
    }

    /**
     * Reads the file format of {@code wg setconf} with wg-quick's {@code Address} and {@code MTU}.
     *
     * @throws WireGuardConfigException naming the line and what to do, never a key
     */
    public static WireGuardConfig parse(String text) {
        return new WireGuardConfigParser().parse(text);
    }

    /** An address and the length of its network's prefix. */
    public record InterfaceAddress(IpAddress address, int prefixLength) {
        @Override
        public String toString() {
            return address + "/" + prefixLength;
        }
    }

    /** Where the routes to the peers go: wg-quick's {@code Table}. */
    public sealed interface Routing {
        /** Led into the tunnel by rules and tables of our own, behind the networks that the host is in. */
        record Automatic() implements Routing {}

        /** No routes. */
        record Off() implements Routing {}

        /** Into this table of the host's, and no rule that leads to it. */
        record Table(int number) implements Routing {}
    }

    /**
     * A peer.
     *
     * @param endpoint where it was last known to be; null if it is to come to us, or has to be looked up
     * @param name what has to be looked up to know where it is; null for none
     * @param allowedIps what may be sent to it, and what it may send from
     * @param persistentKeepalive seconds, 0 for none
     */
    public record PeerConfig(
            PublicKey publicKey,
            PresharedKey presharedKey,
            @Nullable Endpoint endpoint,
            @Nullable EndpointName name,
            List<IpPrefix> allowedIps,
            int persistentKeepalive) {
        public PeerConfig {
            allowedIps = List.copyOf(allowedIps);
        }
    }
}
