package dev.sluice.datapath.policy;

import dev.sluice.datapath.wire.DropReason;
import org.jspecify.annotations.Nullable;

/** What the gateway's grants say about a packet. */
public enum Verdict {
    PERMITTED(null),
    /** No grant covers the address. */
    NO_GRANT(DropReason.NO_GRANT),
    /** The grant has ended by its own time. */
    EXPIRED(DropReason.GRANT_EXPIRED),
    /** The grant is good, but its resource's filters leave this out. */
    FILTERED(DropReason.FILTERED),
    /** The grant is good, but it answers nothing that the client sent. */
    UNSOLICITED(DropReason.UNSOLICITED);

    private final @Nullable DropReason reason;

    Verdict(@Nullable DropReason reason) {
        this.reason = reason;
    }

    /** What to count the packet as; not for {@code PERMITTED}. */
    public DropReason dropReason() {
        if (reason == null) {
            throw new IllegalStateException("a permitted packet is not dropped");
        }
        return reason;
    }
}
