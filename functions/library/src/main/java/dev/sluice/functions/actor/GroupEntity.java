package dev.sluice.functions.actor;

import dev.sluice.functions.entity.Named;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;
import org.jspecify.annotations.Nullable;

/** A group of actors, as it is administered. */
@Entity
@Table(name = "actor_group")
@DynamicUpdate
@SuppressWarnings("NullAway.Init")
public class GroupEntity extends Named {
    private static final String STATIC = "static";

    private String type;

    @Column(name = "directory_id", insertable = false, updatable = false)
    private @Nullable UUID directoryId;

    protected GroupEntity() {}

    GroupEntity(UUID accountId, String name) {
        super(accountId, name);
        this.type = STATIC;
    }

    /** Whether it is that of everyone, who are in it without being put there. */
    boolean isOfEveryone() {
        return !type.equals(STATIC);
    }

    /** Which has made it, and says who is in it; null if none has. */
    @Nullable UUID directoryId() {
        return directoryId;
    }
}
