package dev.sluice.datapath.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.channel.SluiceExtra;
import dev.sluice.datapath.io.PacketPump;
import dev.sluice.datapath.portal.PortalDown;
import dev.sluice.datapath.portal.TunnelSettings;
import dev.sluice.datapath.wire.Endpoint;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the shell drives: a client or a gateway. On the event loop.
 *
 * @param <I> what the portal says to it
 */
interface DeviceCore<I> extends PacketPump.Machine {
    /** What both roles ask of the shell; the message to the portal is each role's own. */
    interface Output<O> {
        void transmit(Endpoint local, Endpoint remote, byte[] buffer, int offset, int length);

        void toTun(byte[] buffer, int offset, int length);

        void toPortal(O message);

        void configure(TunnelSettings settings);
    }

    void setLocalEndpoints(Collection<Endpoint> endpoints, long now);

    void handlePortal(I message, @Nullable SluiceExtra extra, long now);

    void handlePortalUp(long now);

    void handlePortalDown(PortalDown why, long now);

    void handleTimeout(long now);

    long nextTimeout();

    /** Says goodbye to all peers. */
    void close(long now);

    /** What {@code /status} shows, but for what the shell knows. */
    ObjectNode status(long now);

    /** What {@code /metrics} shows of it. */
    List<Metric> metrics();
}
