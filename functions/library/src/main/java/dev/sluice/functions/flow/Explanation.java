package dev.sluice.functions.flow;

import dev.sluice.functions.policy.Condition;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a decision would be, and why.
 *
 * @param reason the code of the typed reason of a denial; null where there is none
 * @param properties for a condition, what is violated
 * @param text the same in words
 * @param at as of when
 * @param client null where it is about an actor, wherever they may come from
 * @param expiresAt until when access would last; null for as long as their token does, or where there is none
 * @param policies all that are about the resource
 * @param gateways all that stand where the resource does
 */
public record Explanation(
        boolean allowed,
        @Nullable String reason,
        List<String> properties,
        String text,
        Instant at,
        Party actor,
        @Nullable Party client,
        Party resource,
        @Nullable Instant expiresAt,
        List<ConsideredPolicy> policies,
        List<ConsideredGateway> gateways) {
    /** Who or what is meant. */
    public record Party(UUID id, String name) {}

    /**
     * A policy about the resource.
     *
     * @param reaches whether the actor is in its group
     * @param conforms whether it is enabled and all its conditions hold
     * @param expiresAt how long they do; null for ever, or where they do not
     * @param chosen whether access would rest on it
     */
    public record ConsideredPolicy(
            UUID id,
            UUID actorGroupId,
            String actorGroup,
            boolean reaches,
            boolean enabled,
            List<ConsideredCondition> conditions,
            boolean conforms,
            @Nullable Instant expiresAt,
            boolean chosen) {}

    /**
     * A condition of it.
     *
     * @param seen what it was held against; null where that is not known
     * @param until how long it holds; null for ever, or where it does not
     */
    public record ConsideredCondition(
            Condition condition,
            boolean holds,
            @Nullable String seen,
            @Nullable Instant until) {}

    /**
     * A gateway.
     *
     * @param serves whether it serves resources of this type
     * @param compatible whether it is of a version that the client can use; null where no client is named
     * @param eligible whether it is among those of which one would serve
     */
    public record ConsideredGateway(
            UUID id,
            String name,
            String gatewayGroup,
            boolean online,
            boolean serves,
            @Nullable Boolean compatible,
            boolean eligible) {}
}
