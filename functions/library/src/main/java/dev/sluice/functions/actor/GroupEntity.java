package dev.sluice.functions.actor;

import dev.sluice.functions.entity.Named;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;

/** A group of actors, as it is administered. */
@Entity
@Table(name = "actor_group")
@DynamicUpdate
@SuppressWarnings("NullAway.Init")
public class GroupEntity extends Named {
    private static final String STATIC = "static";

    private String type;

    protected GroupEntity() {}

    GroupEntity(UUID accountId, String name) {
        super(accountId, name);
        this.type = STATIC;
    }

    /** Whether it is that of everyone, who are in it without being put there. */
    boolean isOfEveryone() {
        return !type.equals(STATIC);
    }
}
