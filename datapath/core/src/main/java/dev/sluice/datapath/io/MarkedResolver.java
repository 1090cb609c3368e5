package dev.sluice.datapath.io;

import io.netty.channel.IoEventLoop;
import io.netty.resolver.DefaultHostsFileEntriesResolver;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks names up through marked sockets, since a resource may cover the resolver's address: in the hosts file, then by the
 * name servers of resolv.conf, and by nobody else. Both files are read anew when they have changed. A literal address
 * needs neither.
 */
public final class MarkedResolver implements AutoCloseable {
    private static final long QUERY_TIMEOUT_MILLIS = 2_000;

    /** A portal that moves is found again by the next attempts. */
    private static final int LONGEST_TTL_SECONDS = 5;

    private final IoEventLoop loop;
    private final int mark;
    private @Nullable ResolverFiles files;
    private @Nullable DnsNameResolver resolver;

    /** @param mark as of {@link SocketMark} */
    public MarkedResolver(IoEventLoop loop, int mark) {
        this.loop = loop;
        this.mark = mark;
    }

    /** All addresses, in the order to be tried. On the loop. */
    public Future<List<InetAddress>> resolve(String host) {
        InetAddress literal = literal(host);
        if (literal != null) {
            Promise<List<InetAddress>> known = loop.newPromise();
            return known.setSuccess(List.of(literal));
        }
        ResolverFiles now = ResolverFiles.read();
        if (resolver == null || !now.equals(files)) {
            close();
            files = now;
            resolver = new DnsNameResolverBuilder(loop)
                    .datagramChannelFactory(() -> MarkedChannels.datagram(mark))
                    .socketChannelFactory(() -> MarkedChannels.stream(mark))
                    .queryTimeoutMillis(QUERY_TIMEOUT_MILLIS)
                    .ttl(1, LONGEST_TTL_SECONDS)
                    .nameServerProvider(now.servers())
                    .searchDomains(now.searchDomains())
                    .ndots(now.dots())
                    .hostsFileEntriesResolver(new DefaultHostsFileEntriesResolver())
                    .build();
        }
        return resolver.resolveAll(host);
    }

    @Override
    public void close() {
        if (resolver != null) {
            resolver.close();
        }
    }

    private static @Nullable InetAddress literal(String host) {
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException name) {
            return null;
        }
    }
}
