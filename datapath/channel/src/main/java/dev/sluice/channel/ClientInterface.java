package dev.sluice.channel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client's end of the tunnel.
 *
 * @param ipv4 the address without prefix length
 * @param upstreamDns {@code address:port} of the resolvers to use; empty leaves the system's
 */
public record ClientInterface(
        String ipv4, String ipv6, @Nullable String searchDomain, List<String> upstreamDns) {
    public ClientInterface {
        upstreamDns = List.copyOf(upstreamDns);
    }
}
