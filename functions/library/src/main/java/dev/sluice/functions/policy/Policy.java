package dev.sluice.functions.policy;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** That a group may reach a resource under conditions. */
public record Policy(
        UUID id,
        UUID groupId,
        UUID resourceId,
        @Nullable String description,
        List<Condition> conditions,
        boolean enabled) {
    public Policy {
        conditions = List.copyOf(conditions);
    }
}
