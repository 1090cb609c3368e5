package dev.sluice.functions.policy;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a policy is to be. What is absent stays; a new one needs a group and a resource, and keeps both.
 *
 * @param conditions all of which must hold; empty for none
 * @param disabled whether it allows nothing, until it is enabled again
 */
public record PolicyWanted(
        @Nullable UUID actorGroupId,
        @Nullable UUID resourceId,

        @Size(max = 1024, message = "has 1024 characters at most") @Nullable String description,

        @Size(max = 20, message = "has 20 conditions at most") @Nullable List<@NotNull(message = "is missing") @Valid Demand> conditions,

        @Nullable Boolean disabled) {
    /** A condition as it is asked for: portal-protocol.md, section 1. */
    public record Demand(
            @NotNull(message = "is missing") String property,
            @NotNull(message = "is missing") String operator,

            @NotNull(message = "is missing") @Size(min = 1, max = 1000, message = "has 1 to 1000 values") List<@NotNull(message = "is missing") String> values) {
        Condition condition() {
            return Condition.of(property, operator, values);
        }
    }
}
