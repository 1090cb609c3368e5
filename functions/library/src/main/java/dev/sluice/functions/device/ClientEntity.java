package dev.sluice.functions.device;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** A client, as it is administered. */
@Entity
@Table(name = "client")
@DynamicUpdate
@SuppressWarnings("NullAway.Init")
public class ClientEntity extends DeviceEntity {
    @Column(name = "actor_id", insertable = false, updatable = false)
    private UUID actorId;

    @Column(name = "verified_at")
    private @Nullable Instant verifiedAt;

    protected ClientEntity() {}

    UUID actorId() {
        return actorId;
    }

    @Nullable Instant verifiedAt() {
        return verifiedAt;
    }

    void verify(@Nullable Instant at) {
        verifiedAt = at;
    }
}
