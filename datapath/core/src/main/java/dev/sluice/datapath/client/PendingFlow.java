package dev.sluice.datapath.client;

import org.jspecify.annotations.Nullable;

/**
 * One resource that the portal was asked for. Open until the portal answers, or until it has not for too long; after a
 * refusal it stays for as long as the next ask must wait, and answers the packets that come in the meantime.
 */
final class PendingFlow {
    private final UniquePackets held;
    private final long openedAt;
    private long askedAt;
    private @Nullable Denial refusal;

    PendingFlow(UniquePackets held, long now) {
        this.held = held;
        this.openedAt = now;
        this.askedAt = now;
    }

    /** What waits for the answer. */
    UniquePackets held() {
        return held;
    }

    boolean isOpen() {
        return refusal == null;
    }

    /** When the first unanswered ask went. */
    long openedAt() {
        return openedAt;
    }

    /** When the last ask went. */
    long askedAt() {
        return askedAt;
    }

    void asked(long now) {
        askedAt = now;
    }

    /** Why packets are refused until the next ask; null while the ask is open. */
    @Nullable Denial refusal() {
        return refusal;
    }

    void refused(Denial denial) {
        refusal = denial;
    }
}
