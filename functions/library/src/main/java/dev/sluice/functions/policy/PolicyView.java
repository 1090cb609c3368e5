package dev.sluice.functions.policy;

import dev.sluice.functions.api.View;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A policy as it is shown.
 *
 * @param actorGroupId who may reach the resource
 * @param resourceId what they may reach
 * @param conditions all of which must hold
 * @param disabledAt null while it allows something
 */
public record PolicyView(
        UUID id,
        UUID actorGroupId,
        UUID resourceId,
        @Nullable String description,
        List<Condition> conditions,
        @Nullable Instant disabledAt,
        Instant insertedAt,
        long version)
        implements View {}
