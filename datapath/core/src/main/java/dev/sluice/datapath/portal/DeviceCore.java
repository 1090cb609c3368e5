package dev.sluice.datapath.portal;

import dev.sluice.channel.SluiceExtra;
import dev.sluice.datapath.wire.Endpoint;
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

        /** Write an IP packet to the TUN device. */
        void toTun(byte[] buffer, int offset, int length);

        /** Tell the portal, now or when it is back. */
        void toPortal(O message);

        /** Set the TUN device and the routes into it to this, and to nothing else. */
        void configure(TunnelSettings settings);
    }

    /** The addresses and ports that datagrams can be sent from; replaces the earlier ones. */
    void setLocalEndpoints(Collection<Endpoint> endpoints, long now);

    /** A packet that the host routed into the TUN device. */
    void handleTun(byte[] buffer, int offset, int length, long now);

    /** A datagram that arrived at a local endpoint. */
    void handleDatagram(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length, long now);

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
