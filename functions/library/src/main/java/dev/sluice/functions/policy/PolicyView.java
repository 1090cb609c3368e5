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
 * @param actorGroup what the group is called
 * @param resourceId what they may reach
 * @param resource what it is called
 * @param conditions all of which must hold
 * @param cautions what about them may have been overlooked
 * @param disabledAt null while it allows something
 */
public record PolicyView(
        UUID id,
        UUID actorGroupId,
        String actorGroup,
        UUID resourceId,
        String resource,
        @Nullable String description,
        List<Condition> conditions,
        List<String> cautions,
        @Nullable Instant disabledAt,
        Instant insertedAt,
        long version)
        implements View {}
