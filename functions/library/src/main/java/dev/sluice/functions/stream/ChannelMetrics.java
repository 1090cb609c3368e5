package dev.sluice.functions.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/**
 * Counts frames: every one that arrives is handled, unknown or malformed; asks that were left without a decision, and those
 * of clients that do not wait after a denial.
 */
@ApplicationScoped
public class ChannelMetrics {
    private final Counter received;
    private final Counter malformed;
    private final Counter unknown;
    private final Counter undecided;
    private final Counter limited;

    @Inject
    public ChannelMetrics(MeterRegistry registry) {
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

    void limited() {
        limited.increment();
    }
}
