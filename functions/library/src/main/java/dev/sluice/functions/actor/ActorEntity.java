package dev.sluice.functions.actor;

import dev.sluice.functions.entity.Owned;
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
public class ActorEntity extends Owned {
    private String type;

    private String name;

    private @Nullable String email;

    @Column(name = "disabled_at")
    private @Nullable Instant disabledAt;

    protected ActorEntity() {}

    ActorEntity(UUID accountId, ActorType type, String name, @Nullable String email) {
        super(accountId);
        this.type = type.word();
        this.name = name;
        this.email = email;
    }

    ActorType type() {
        return ActorType.of(type);
    }

    void become(ActorType newType) {
        type = newType.word();
    }

    String name() {
        return name;
    }

    void rename(String newName) {
        name = newName;
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

    void disable(Instant at) {
        disabledAt = at;
    }

    void enable() {
        disabledAt = null;
    }
}
