package dev.sluice.functions.policy;

import dev.sluice.functions.api.View;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A policy test as it is shown.
 *
 * @param actor what the actor is called
 * @param resource what the resource is called
 * @param canReach whether the one can reach the other
 * @param at at this time; null for whichever it is run at
 */
public record PolicyTestView(
        UUID id,
        String name,
        UUID actorId,
        String actor,
        UUID resourceId,
        String resource,
        boolean canReach,
        @Nullable Instant at,
        @Nullable String remoteIp,
        @Nullable String region,
        boolean verified,
        Instant insertedAt,
        long version)
        implements View {}
