package dev.sluice.datapath.io;

import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPrefix;
import java.util.Collection;

/**
 * What the host sends into the tunnel: the TUN device's addresses, and the rules and routes that lead to it. Nothing
 * that once led into the tunnel leaves in clear: beside each route stands an {@code unreachable} one that goes last, and
 * stays when this process is killed. Calls block for some milliseconds; for one thread.
 */
public interface HostRoutes extends AutoCloseable {
    /**
     * Makes the host's state this, whatever it was: also what an earlier process left when it was killed.
     *
     * @param addresses the tunnel's own, each with the full prefix length
     * @param routes what leads into the tunnel
     * @throws HostRoutesException if the host refused; what could be set is set
     */
    void configure(Collection<IpAddress> addresses, Collection<IpPrefix> routes) throws HostRoutesException;

    /** Follows changes of the host's own link-scope routes while a default route leads into the tunnel. */
    void refresh() throws HostRoutesException;

    /** Removes everything: the clean end. */
    @Override
    void close() throws HostRoutesException;
}
