package dev.sluice.datapath.portal;

import dev.sluice.channel.SluiceExtra;
import dev.sluice.datapath.wire.Coalescing;
import dev.sluice.datapath.wire.Endpoint;
import dev.sluice.datapath.wire.TunSink;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * A device between its TUN device, its peers and the portal: what a client and a gateway are alike to the shell that
 * drives them.
 *
 * <p>Pure, and for one thread. Every input takes the monotonic time in nanoseconds, which never goes back; after every
 * input the caller reads {@link #nextTimeout} anew. Output is called during an input, with bytes that are valid only
 * for the call, and must not call back.
 *
 * @param <I> what the portal says to it
 * @param <O> what it says to the portal
 */
public interface DeviceCore<I, O> {
    /** What the device asks of its shell. */
    interface Output<O> {
        /** Send a datagram from one of the local endpoints. */
        void transmit(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length);

        /** Write an IP packet to the TUN device; as of {@link TunSink#accept}. */
        boolean toTun(byte[] buffer, int offset, int length, int segmentSize);

        /** Tell the portal, now or when it is back. */
        void toPortal(O message);

        /** Set the TUN device and the routes into it to this, and to nothing else. */
        void configure(TunnelSettings settings);
    }

    /** The addresses and ports that datagrams can be sent from; replaces the earlier ones. */
    void setLocalEndpoints(Collection<Endpoint> endpoints, long now);

    /**
     * What the host takes together. Without this call it is nothing, and {@link #endBatch} has nothing to do.
     */
    void coalesce(Coalescing what);

    /**
     * A packet that the host routed into the TUN device.
     *
     * @param segmentSize of a super-packet, of whose transport the checksum is still to be made; else 0
     */
    void handleTun(byte[] buffer, int offset, int length, int segmentSize, long now);

    /** A datagram that arrived at a local endpoint. It is opened where it is. */
    void handleDatagram(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length, long now);

    /** The datagrams that came together have been handed in: what was put together of them is passed on. */
    void endBatch(long now);

    /** The portal said something. */
    void handlePortal(I message, @Nullable SluiceExtra extra, long now);

    /** The portal's database was restored: generations of before say nothing about those that follow. */
    void handleNewEpoch();

    /** The channel to the portal is up; its snapshot follows. */
    void handlePortalUp(long now);

    /** The channel to the portal is down. */
    void handlePortalDown(PortalDown why, long now);

    void handleTimeout(long now);

    /** When {@link #handleTimeout} must be called next, at the latest. */
    long nextTimeout();

    /** Says goodbye to all peers, and gives up what waits. */
    void close(long now);
}
