package dev.sluice.functions.actor;

import dev.sluice.functions.entity.Named;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** Who acts, as they are administered. */
@Entity
@Table(name = "actor")
@DynamicUpdate
@SuppressWarnings("NullAway.Init")
public class ActorEntity extends Named {
    private String type;

    private @Nullable String email;

    @Column(name = "disabled_at")
    private @Nullable Instant disabledAt;

    @Column(name = "directory_id", insertable = false, updatable = false)
    private @Nullable UUID directoryId;

    protected ActorEntity() {}

    ActorEntity(UUID accountId, ActorType type, String name, @Nullable String email) {
        super(accountId, name);
        this.type = type.word();
        this.email = email;
    }

    ActorType type() {
        return ActorType.of(type);
    }

    void become(ActorType newType) {
        type = newType.word();
    }

    @Nullable String email() {
        return email;
    }

    void reachAt(String newEmail) {
        email = newEmail;
    }

    @Nullable Instant disabledAt() {
        return disabledAt;
    }

    /** Which has made them; null if none has. */
    @Nullable UUID directoryId() {
        return directoryId;
    }

    void disable(Instant at) {
        disabledAt = at;
    }

    void enable() {
        disabledAt = null;
    }
}
