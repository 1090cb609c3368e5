package dev.sluice.functions.flow;

import dev.sluice.channel.Detail;
import java.time.Instant;
import java.util.UUID;

/** What the portal decided about an {@link Ask}: but for the last kind, committed and in the outbox of whom it concerns. */
public sealed interface Decision {
    /** The gateway is asked to let the client in. */
    record Granted(UUID flowId, UUID gatewayId, long generation, Instant expiresAt) implements Decision {}

    /**
     * Refused.
     *
     * @param ended whether that ended what the client had, at whichever gateway
     */
    record Denied(Detail detail, boolean ended) implements Decision {
        public Denied(Detail detail) {
            this(detail, false);
        }
    }

    /**
     * No gateway that is online serves resources of this type. Clients ask for such a one again and again: nothing is
     * written, and the client is told at once.
     */
    record Unserved(Detail detail) implements Decision {}
}
