package dev.sluice.datapath.client;

import dev.sluice.channel.Detail;
import dev.sluice.channel.Reason;
import dev.sluice.datapath.wire.DropReason;
import dev.sluice.datapath.wire.IpPacket;
import dev.sluice.datapath.wire.PacketLedger;
import dev.sluice.datapath.wireguard.Timing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the portal was asked for and has not granted.
 *
 * <p>The first packet for a resource asks at once and waits with those that follow; while the ask is open and packets
 * come, it is repeated, no sooner than {@link Timing#intentInterval} after the last. A refusal, or the silence of
 * {@link Timing#answerTimeout}, answers the packets that wait and those that come until the next ask is due: nothing is
 * lost without a word, and the portal is not asked more often because of it.
 */
final class PendingFlows {
    /** Sends a packet to the gateway of its resource. */
    interface Sender {
        void send(ClientResource resource, byte[] buffer, int offset, int length, long now);
    }

    private final Map<UUID, ClientResource> resources = new LinkedHashMap<>();
    private final Timing timing;
    private final PacketLedger ledger;
    private final Denials denials;
    private final Consumer<UUID> asks;
    private final Sender sender;
    private long count;
    private @Nullable Duration lastGrantTook;

    /**
     * @param asks sends an ask for this resource to the portal
     * @param sender sends what has waited
     */
    PendingFlows(Timing timing, PacketLedger ledger, Denials denials, Consumer<UUID> asks, Sender sender) {
        this.timing = timing;
        this.ledger = ledger;
        this.denials = denials;
        this.asks = asks;
        this.sender = sender;
    }

    /** How often the portal was asked. */
    long count() {
        return count;
    }

    /** How long the last grant took, from the ask to the portal's answer; null before the first. */
    @Nullable Duration lastGrantTook() {
        return lastGrantTook;
    }

    /** Takes a packet that cannot be sent now: it waits, or is refused. */
    void accept(ClientResource resource, IpPacket packet, long now) {
        PendingFlow flow = resource.pending();
        Denial refusal = flow == null ? null : flow.refusal();
        if (flow != null && refusal != null && now - flow.askedAt() < timing.intentInterval()) {
            denials.refuse(packet, refusal);
            return;
        }
        if (flow == null || refusal != null) {
            flow = open(resource, now);
        } else if (resource.gateway() == null && now - flow.askedAt() >= timing.intentInterval()) {
            flow.asked(now);
            ask(resource);
        }
        flow.held().add(packet);
    }

    /** Asks, if no ask is open. */
    PendingFlow open(ClientResource resource, long now) {
        PendingFlow earlier = resource.pending();
        if (earlier != null && earlier.isOpen()) {
            return earlier;
        }
        PendingFlow flow = new PendingFlow(new UniquePackets(ledger), now);
        resource.pending(flow);
        resources.put(resource.resource(), resource);
        ask(resource);
        return flow;
    }

    /** The portal granted the resource: what waited goes on. */
    void granted(ClientResource resource, long now) {
        PendingFlow flow = forget(resource);
        if (flow != null) {
            lastGrantTook = Duration.ofNanos(now - flow.askedAt());
            resume(resource, flow, now);
        }
    }

    /**
     * Nobody can decide just now. What was granted before goes on, and what waited with it: if the gateway refuses that
     * again, it says so. Where nothing was, this is a refusal.
     */
    void undecided(ClientResource resource, Detail why, long now) {
        if (resource.gateway() == null) {
            refused(resource, why);
            return;
        }
        PendingFlow flow = forget(resource);
        if (flow != null) {
            resume(resource, flow, now);
        }
    }

    /** The portal refused: what waited is answered, and what comes until the next ask. */
    void refused(ClientResource resource, Detail why) {
        Denial denial = denials.note(resource, why);
        PendingFlow flow = resource.pending();
        if (flow != null) {
            flow.refused(denial);
            denials.refuse(flow.held(), denial);
        }
    }

    /** Access ended: what waited is answered with the reason. */
    void ended(ClientResource resource, Detail why) {
        Denial denial = denials.note(resource, why);
        PendingFlow flow = forget(resource);
        if (flow != null) {
            denials.refuse(flow.held(), denial);
        }
    }

    /** The client stops. */
    void close() {
        for (ClientResource resource : new ArrayList<>(resources.values())) {
            PendingFlow flow = forget(resource);
            if (flow != null) {
                flow.held().drop(DropReason.CLOSED);
            }
        }
    }

    void handleTimeout(long now) {
        for (ClientResource resource : new ArrayList<>(resources.values())) {
            PendingFlow flow = resource.pending();
            if (flow == null) {
                resources.remove(resource.resource());
            } else if (flow.isOpen() && now >= deadline(flow)) {
                undecided(resource, Detail.of(Reason.GATEWAY_OFFLINE), now);
            }
            if (flow != null && !flow.isOpen() && now >= deadline(flow)) {
                forget(resource);
            }
        }
    }

    long nextTimeout() {
        if (resources.isEmpty()) {
            return Long.MAX_VALUE;
        }
        long next = Long.MAX_VALUE;
        for (ClientResource resource : resources.values()) {
            PendingFlow flow = resource.pending();
            if (flow != null) {
                next = Math.min(next, deadline(flow));
            }
        }
        return next;
    }

    private long deadline(PendingFlow flow) {
        return flow.isOpen() ? flow.openedAt() + timing.answerTimeout() : flow.askedAt() + timing.intentInterval();
    }

    private @Nullable PendingFlow forget(ClientResource resource) {
        PendingFlow flow = resource.pending();
        resource.pending(null);
        resources.remove(resource.resource());
        return flow;
    }

    private void resume(ClientResource resource, PendingFlow flow, long now) {
        flow.held().drainTo((buffer, offset, length) -> sender.send(resource, buffer, offset, length, now));
    }

    private void ask(ClientResource resource) {
        count++;
        asks.accept(resource.resource());
    }
}
