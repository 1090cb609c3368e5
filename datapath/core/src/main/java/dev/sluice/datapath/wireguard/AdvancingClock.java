package dev.sluice.datapath.wireguard;

import java.time.Instant;
import java.time.InstantSource;

/**
 * A wall clock that shows each time once, and never an earlier one: for the timestamps of all handshakes of one key. A
 * responder refuses an initiation that is no later than the last it took from that key (paper, §5.1), also from another
 * {@link Peer} of ours, and also after somebody has set the clock back.
 */
public final class AdvancingClock implements InstantSource {
    private final InstantSource clock;
    private Instant last = Instant.MIN;

    public AdvancingClock(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Instant instant() {
        Instant next = clock.instant();
        if (!next.minusNanos(Tai64n.STEP).isAfter(last)) {
            next = last.plusNanos(Tai64n.STEP);
        }
        last = next;
        return next;
    }
}
