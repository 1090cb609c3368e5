package dev.sluice.functions.policy;

import dev.sluice.functions.entity.Owned;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** An assertion about policies, as it is administered. */
@Entity
@Table(name = "policy_test")
@DynamicUpdate
@SuppressWarnings("NullAway.Init")
public class PolicyTestEntity extends Owned {
    private String name;

    @Column(name = "actor_id", updatable = false)
    private UUID actorId;

    @Column(name = "resource_id", updatable = false)
    private UUID resourceId;

    @Column(name = "can_reach")
    private boolean canReach;

    private @Nullable Instant at;

    @Column(name = "remote_ip")
    private @Nullable String remoteIp;

    private @Nullable String region;

    private boolean verified;

    protected PolicyTestEntity() {}

    PolicyTestEntity(UUID accountId, UUID actorId, UUID resourceId) {
        super(accountId);
        this.actorId = actorId;
        this.resourceId = resourceId;
    }

    String name() {
        return name;
    }

    UUID actorId() {
        return actorId;
    }

    UUID resourceId() {
        return resourceId;
    }

    boolean canReach() {
        return canReach;
    }

    @Nullable Instant at() {
        return at;
    }

    @Nullable String remoteIp() {
        return remoteIp;
    }

    @Nullable String region() {
        return region;
    }

    boolean verified() {
        return verified;
    }

    /** Takes over what is said. */
    void become(PolicyTestWanted wanted) {
        if (wanted.name() != null) {
            name = wanted.name();
        }
        if (wanted.canReach() != null) {
            canReach = wanted.canReach();
        }
        if (wanted.at() != null) {
            at = wanted.at();
        }
        if (wanted.remoteIp() != null) {
            remoteIp = wanted.remoteIp();
        }
        if (wanted.region() != null) {
            region = wanted.region();
        }
        if (wanted.verified() != null) {
            verified = wanted.verified();
        }
    }
}
