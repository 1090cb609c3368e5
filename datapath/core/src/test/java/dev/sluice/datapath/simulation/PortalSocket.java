package dev.sluice.datapath.simulation;

import java.util.ArrayDeque;

/**
 * A WebSocket between a device and the portal: what is sent arrives in order after a while, and waits while the path is
 * cut. Ends when one of them closes it; the other hears of it later, or never if the path is cut.
 */
final class PortalSocket {
    /** One end. */
    interface Listener {
        void text(String text);

        void closed();
    }

    private final Timeline timeline;
    private final long latency;
    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private boolean cut;
    private boolean closed;
    private Listener device;
    private Listener portal;

    PortalSocket(Timeline timeline, long latency, Listener device, Listener portal) {
        this.timeline = timeline;
        this.latency = latency;
        this.device = device;
        this.portal = portal;
    }

    void toDevice(String text) {
        carry(() -> device.text(text));
    }

    void toPortal(String text) {
        carry(() -> portal.text(text));
    }

    void closeByDevice() {
        close(() -> portal.closed());
    }

    void closeByPortal() {
        close(() -> device.closed());
    }

    /** The address that it is bound to is gone: what is under way arrives nowhere, and the portal does not hear of it. */
    void strand() {
        closed = true;
        waiting.clear();
    }

    void cut(boolean value) {
        cut = value;
        if (!cut) {
            while (!waiting.isEmpty()) {
                carry(waiting.removeFirst());
            }
        }
    }

    private void close(Runnable tell) {
        if (!closed) {
            closed = true;
            timeline.at(timeline.now() + latency, tell);
        }
    }

    private void carry(Runnable arrival) {
        if (cut) {
            waiting.add(arrival);
        } else {
            timeline.at(timeline.now() + latency, () -> {
                if (!closed) {
                    arrival.run();
                }
            });
        }
    }
}
