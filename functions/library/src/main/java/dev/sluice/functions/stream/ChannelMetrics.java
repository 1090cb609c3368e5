package dev.sluice.functions.stream;

import dev.sluice.channel.Frame;
import dev.sluice.channel.SnapshotRequest;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Set;

/**
 * Counts frames: every one that arrives is handled, unknown or malformed; asks that were left without a decision, and those
 * of clients that do not wait after a denial; snapshots that devices asked for, and why.
 */
@ApplicationScoped
public class ChannelMetrics {
    private static final Set<String> REASONS = Set.of(Frame.GAP, Frame.NEW_EPOCH, Frame.DRIFT);

    private final MeterRegistry registry;
    private final Counter received;
    private final Counter malformed;
    private final Counter unknown;
    private final Counter undecided;
    private final Counter limited;

    @Inject
    public ChannelMetrics(MeterRegistry registry) {
        this.registry = registry;
        REASONS.forEach(reason -> registry.counter("sluice.channel.snapshots", "reason", reason));
        this.received = registry.counter("sluice.channel.frames", "result", "received");
        this.malformed = registry.counter("sluice.channel.frames", "result", "malformed");
        this.unknown = registry.counter("sluice.channel.frames", "result", "unknown");
        this.undecided = registry.counter("sluice.flows.undecided");
        this.limited = registry.counter("sluice.flows.limited");
    }

    void received() {
        received.increment();
    }

    void malformed() {
        malformed.increment();
    }

    void unknown() {
        unknown.increment();
    }

    void undecided() {
        undecided.increment();
    }

    /** A device found that what it was told is not what holds. */
    void snapshot(SnapshotRequest request) {
        var reason = REASONS.contains(request.reason()) ? request.reason() : "other";
        registry.counter("sluice.channel.snapshots", "reason", reason).increment();
    }

    void limited() {
        limited.increment();
    }
}
