package dev.sluice.datapath.client;

import dev.sluice.datapath.wire.IpAddress;
import dev.sluice.datapath.wire.IpPacket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When to ask again for a resource because its gateway refused a packet of it, or left.
 *
 * <p>The first refusal is answered by an ask at once. If what was refused is refused again although the portal granted
 * it anew, asking did not help: a filter refuses, or a host beyond the gateway. Then the next ask comes no earlier than
 * 2 s after the previous one, then 8, 32, … s, at most 5 min. So a refusal that stays costs three asks in 30 s, however
 * often the application tries; and one that was healed, and comes back later, is answered at once again.
 *
 * <p>A grant helped if the refused flow was answered after it, and goes on for {@link #PROBATION}. That no error came
 * proves nothing: the application may have paused, and hosts bound their errors (Linux sends one in two seconds for a
 * prohibiting route).
 */
final class Reauthorization {
    /** An answer that is followed by another error as soon as this was not help. */
    static final long PROBATION = Duration.ofSeconds(2).toNanos();

    static final long FIRST_WAIT = Duration.ofSeconds(2).toNanos();
    static final long LONGEST_WAIT = Duration.ofMinutes(5).toNanos();
    private static final int GROWTH = 4;

    private int asks;
    private long lastAsk;
    private long wait;
    private boolean granted;
    private long grantedAt;
    private boolean answered;
    private @Nullable IpAddress refusedAddress;
    private int refusedProtocol;
    private int refusedPort;

    /**
     * The gateway refused this packet of ours.
     *
     * @return whether to ask now; the caller does
     */
    boolean refused(IpPacket quoted, long now) {
        if (!mayAsk(now)) {
            return false;
        }
        refusedAddress = quoted.destination();
        refusedProtocol = quoted.protocol();
        refusedPort = quoted.destinationPort();
        return true;
    }

    /**
     * The gateway left while the resource was used.
     *
     * @return whether to ask now; the caller does
     */
    boolean left(long now) {
        if (!mayAsk(now)) {
            return false;
        }
        refusedAddress = null;
        return true;
    }

    /** When the next ask may go, as things are. */
    long mayAskAt() {
        if (asks == 0) {
            return Long.MIN_VALUE;
        }
        return answered ? Math.min(lastAsk + wait, grantedAt + PROBATION + 1) : lastAsk + wait;
    }

    /** The portal granted the resource anew. */
    void granted(long now) {
        granted = true;
        grantedAt = now;
    }

    /** A packet came from the resource. */
    void received(IpPacket packet) {
        if (granted && !answered) {
            answered = isAnswer(packet);
        }
    }

    private boolean mayAsk(long now) {
        boolean helped = answered && now - grantedAt > PROBATION;
        if (helped || now - lastAsk > LONGEST_WAIT) {
            asks = 0;
        }
        if (asks > 0 && now - lastAsk < wait) {
            return false;
        }
        wait = asks == 0 ? FIRST_WAIT : Math.min(LONGEST_WAIT, wait * GROWTH);
        asks++;
        lastAsk = now;
        granted = false;
        answered = false;
        return true;
    }

    private boolean isAnswer(IpPacket packet) {
        return refusedAddress == null
                || packet.isFrom(refusedAddress)
                        && packet.protocol() == refusedProtocol
                        && packet.sourcePort() == refusedPort;
    }
}
