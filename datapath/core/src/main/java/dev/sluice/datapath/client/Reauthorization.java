package dev.sluice.datapath.client;

import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPacket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When to ask again for a resource because its gateway refused a packet of it.
 *
 * <p>The first refusal is answered by an ask at once. If what was refused is refused again although the portal granted
 * it anew, asking did not help: a filter refuses, or a host beyond the gateway. Then the next ask comes no earlier than
 * 2 s after the previous one, then 8, 32, … s, at most 5 min. So a refusal that stays costs three asks in 30 s, however
 * often the application tries; and one that was healed, and comes back later, is answered at once again.
 *
 * <p>Whether a grant helped is seen by the packets of the refused flow: when one was sent after the grant and no error
 * came within {@link #PROBATION}, it did. The time of the grant alone does not tell, for nothing may have been sent
 * since.
 */
final class Reauthorization {
    /** How soon a gateway answers a packet that it refuses. */
    static final long PROBATION = Duration.ofSeconds(2).toNanos();

    static final long FIRST_WAIT = Duration.ofSeconds(2).toNanos();
    static final long LONGEST_WAIT = Duration.ofMinutes(5).toNanos();
    private static final int GROWTH = 4;

    private static final long NEVER = Long.MIN_VALUE;

    private int asks;
    private long lastAsk;
    private long wait;
    private long probationStart = NEVER;
    private boolean granted;
    private @Nullable IpAddress refusedAddress;
    private int refusedProtocol;
    private int refusedPort;

    /**
     * The gateway refused this packet of ours.
     *
     * @return whether to ask now; the caller does
     */
    boolean refused(IpPacket quoted, long now) {
        if (helped(now)) {
            asks = 0;
        }
        if (asks > 0 && now - lastAsk < wait) {
            if (isRefusedFlow(quoted)) {
                probationStart = NEVER;
            }
            return false;
        }
        wait = asks == 0 ? FIRST_WAIT : Math.min(LONGEST_WAIT, wait * GROWTH);
        asks++;
        lastAsk = now;
        granted = false;
        probationStart = NEVER;
        refusedAddress = quoted.destination();
        refusedProtocol = quoted.protocol();
        refusedPort = quoted.destinationPort();
        return true;
    }

    /** The portal granted the resource anew. */
    void granted() {
        granted = asks > 0;
    }

    /** A packet goes to the gateway. */
    void sent(IpPacket packet, long now) {
        if (granted && probationStart == NEVER && isRefusedFlow(packet)) {
            probationStart = now;
        }
    }

    private boolean helped(long now) {
        return asks > 0
                && (probationStart != NEVER && now - probationStart > PROBATION || now - lastAsk > LONGEST_WAIT);
    }

    private boolean isRefusedFlow(IpPacket packet) {
        return refusedAddress != null
                && packet.protocol() == refusedProtocol
                && packet.destinationPort() == refusedPort
                && packet.isTo(refusedAddress);
    }
}
