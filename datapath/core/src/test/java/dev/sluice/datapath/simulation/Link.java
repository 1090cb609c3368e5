package dev.sluice.datapath.simulation;

import java.time.Duration;

/**
 * What the network does to the datagrams of one host, each way.
 *
 * @param delay of every datagram
 * @param jitter at most added to it, without changing the order
 * @param loss the share that is lost
 * @param duplicate the share that arrives twice
 * @param reorder the share that is overtaken by those that follow
 */
record Link(Duration delay, Duration jitter, double loss, double duplicate, double reorder) {
    static final Link GOOD = new Link(Duration.ofMillis(5), Duration.ofMillis(1), 0, 0, 0);
    static final Link LOSSY = new Link(Duration.ofMillis(20), Duration.ofMillis(5), 0.05, 0.01, 0.05);
    static final Link CUT = new Link(Duration.ZERO, Duration.ZERO, 1, 0, 0);

    boolean isCut() {
        return loss == 1;
    }
}
