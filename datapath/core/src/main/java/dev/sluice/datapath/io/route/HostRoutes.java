package dev.sluice.datapath.io.route;

import java.util.List;

/**
 * What the host sends into the tunnel: the TUN device's addresses, and the rules and routes that lead to it. Nothing
 * that once led into the tunnel leaves in clear: beside each route stands an {@code unreachable} one that goes last, and
 * stays when this process is killed; and where the kernel has nf_tables, a {@link Barrier} that no route can lead past.
 * Calls block for some milliseconds; for one thread.
 */
public interface HostRoutes extends AutoCloseable {
    /**
     * Makes the host's state this, whatever it was: also what an earlier process left when it was killed.
     *
     * @throws HostRoutesException if the host refused; what could be set is set
     */
    void configure(RouteSettings settings) throws HostRoutesException;

    /**
     * Looks at what is there, puts back what is missing, and follows the host's own link-scope routes.
     *
     * @return what somebody else had taken away, in words
     * @throws HostRoutesException if the host refused; what could be set is set
     */
    List<String> restore() throws HostRoutesException;

    /** What the host cannot do, each in a sentence with its remedy. */
    List<String> notes();

    /** Whether a {@link Barrier} stands. */
    boolean hasBarrier();

    /** The packets that the barrier kept from leaving in clear. */
    long stopped();

    /** Removes everything: the clean end. */
    @Override
    void close() throws HostRoutesException;
}
