package dev.sluice.datapath.io;

import dev.sluice.datapath.wire.DatagramSink;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.IpAddress;
import java.util.Collection;
import java.util.List;

/**
 * The UDP sockets of a device, one for each local address or one for all of a family: the address that a datagram came to
 * is known, and the one it leaves from is chosen. What is sent is collected until {@link #flush}. Used from one event loop.
 */
public interface DatagramSockets extends DatagramSink, AutoCloseable {
    /** Takes what one socket received. */
    @FunctionalInterface
    interface Receiver {
        /** The batch is valid during the call, and may be overwritten. */
        void received(DatagramBatch batch);
    }

    /**
     * Opens a socket for each new address and closes those of addresses that are gone. An address that cannot be bound
     * yet (IPv6 while duplicate detection runs) is left out: call again.
     *
     * @return the sockets' endpoints
     */
    List<Endpoint> bind(Collection<IpAddress> addresses);

    /** The sockets that are open. */
    List<Endpoint> endpoints();

    /** Hands everything sent since the last flush to the kernel. */
    void flush();

    /** Datagrams that were not sent: no such socket, no room, or refused by the kernel. */
    long sendFailures();

    @Override
    void close();
}
