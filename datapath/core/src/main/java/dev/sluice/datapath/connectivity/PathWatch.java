package dev.sluice.datapath.connectivity;

import dev.sluice.datapath.wireguard.Timing;
import org.jspecify.annotations.Nullable;

/**
 * When a connection without a path has failed: never having had a pair of candidates for too long, soon after all pairs
 * have failed, or after as long as a pair may take while the peer keeps pairs alive in vain or a side has no network.
 */
final class PathWatch {
    private static final long NOT_NOW = Long.MIN_VALUE;

    private final Timing timing;
    private final long createdAt;
    private boolean paired;
    private long disconnectedAt = NOT_NOW;
    private long pathlessSince = NOT_NOW;

    PathWatch(Timing timing, long now) {
        this.timing = timing;
        this.createdAt = now;
    }

    /** Why the connection has failed, or null. */
    @Nullable Failure observe(IceAgent.State state, long now) {
        paired = state != IceAgent.State.NEW;
        disconnectedAt = since(disconnectedAt, state == IceAgent.State.DISCONNECTED, now);
        pathlessSince = since(pathlessSince, paired && state != IceAgent.State.CONNECTED, now);
        if (now < failsAt()) {
            return null;
        }
        return paired ? Failure.ICE_TIMEOUT : Failure.NO_CANDIDATES;
    }

    /** There are new candidates to try: they get the whole time. */
    void restart() {
        pathlessSince = NOT_NOW;
    }

    /** When {@link #observe} will find a failure if nothing changes. */
    long failsAt() {
        if (!paired) {
            return createdAt + timing.candidateTimeout();
        }
        long grace = timing.disconnectedTimeout();
        return Math.min(
                disconnectedAt == NOT_NOW ? Long.MAX_VALUE : disconnectedAt + grace,
                pathlessSince == NOT_NOW ? Long.MAX_VALUE : pathlessSince + timing.iceTimeout() + grace);
    }

    private static long since(long since, boolean holds, long now) {
        if (!holds) {
            return NOT_NOW;
        }
        return since == NOT_NOW ? now : since;
    }
}
