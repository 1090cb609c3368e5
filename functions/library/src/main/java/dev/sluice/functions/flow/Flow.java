package dev.sluice.functions.flow;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.sluice.functions.api.View;
import java.time.Instant;
import java.util.UUID;

/**
 * That a client may reach a resource through a gateway, until then.
 *
 * @param actor what its actor is called, as with client, resource and gateway
 * @param generation which decision about these three it rests on: the greater one is the newer one
 */
public record Flow(
        UUID id,
        State state,
        long generation,
        Instant expiresAt,
        UUID actorId,
        String actor,
        UUID clientId,
        String client,
        UUID resourceId,
        String resource,
        UUID gatewayId,
        String gateway,
        UUID policyId,
        Instant insertedAt)
        implements View {
    /** Whether its gateway knows of it. */
    public enum State {
        /** The gateway has not yet confirmed this generation. */
        @JsonProperty("pending")
        PENDING,
        @JsonProperty("authorized")
        AUTHORIZED
    }

    /** Each decision makes it another. */
    @Override
    public long version() {
        return generation;
    }
}
