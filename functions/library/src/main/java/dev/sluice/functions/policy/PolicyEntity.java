package dev.sluice.functions.policy;

import dev.sluice.functions.entity.Owned;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.ColumnTransformer;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** That a group may reach a resource, as it is administered. */
@Entity
@Table(name = "policy")
@DynamicUpdate
@SuppressWarnings("NullAway.Init")
public class PolicyEntity extends Owned {
    @Column(name = "group_id", updatable = false)
    private UUID groupId;

    @Column(name = "resource_id", updatable = false)
    private UUID resourceId;

    private @Nullable String description;

    @ColumnTransformer(read = "cast(conditions as text)", write = "cast(? as jsonb)")
    private String conditions;

    @Column(name = "disabled_at")
    private @Nullable Instant disabledAt;

    protected PolicyEntity() {}

    PolicyEntity(UUID accountId, UUID groupId, UUID resourceId) {
        super(accountId);
        this.groupId = groupId;
        this.resourceId = resourceId;
        this.conditions = Condition.toJson(List.of());
    }

    UUID groupId() {
        return groupId;
    }

    UUID resourceId() {
        return resourceId;
    }

    @Nullable String description() {
        return description;
    }

    /** @param newDescription empty for none */
    void describe(String newDescription) {
        description = newDescription.isEmpty() ? null : newDescription;
    }

    List<Condition> conditions() {
        return Condition.fromJson(conditions);
    }

    /** Those that it has already are no change. */
    void require(List<Condition> wanted) {
        if (!wanted.equals(conditions())) {
            conditions = Condition.toJson(wanted);
        }
    }

    @Nullable Instant disabledAt() {
        return disabledAt;
    }

    void disable(Instant at) {
        disabledAt = at;
    }

    void enable() {
        disabledAt = null;
    }
}
