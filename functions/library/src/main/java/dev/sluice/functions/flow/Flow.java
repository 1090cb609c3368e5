package dev.sluice.functions.flow;

import java.time.Instant;
import java.util.UUID;

/** That a client may reach a resource through a gateway, until then. */
public record Flow(
        UUID id,
        UUID clientId,
        UUID resourceId,
        UUID gatewayId,
        UUID policyId,
        long generation,
        State state,
        Instant expiresAt) {
    public enum State {
        /** The gateway has not yet confirmed this generation. */
        PENDING,
        AUTHORIZED
    }
}
