package dev.sluice.functions.actor;

import dev.sluice.functions.entity.Owned;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.UUID;
import org.hibernate.annotations.DynamicUpdate;

/** A group of actors, as it is administered. */
@Entity
@Table(name = "actor_group")
@DynamicUpdate
@SuppressWarnings("NullAway.Init")
public class GroupEntity extends Owned {
    private static final String STATIC = "static";

    private String type;

    private String name;

    protected GroupEntity() {}

    GroupEntity(UUID accountId, String name) {
        super(accountId);
        this.type = STATIC;
        this.name = name;
    }

    /** Whether it is that of everyone, who are in it without being put there. */
    boolean isOfEveryone() {
        return !type.equals(STATIC);
    }

    String name() {
        return name;
    }

    void rename(String newName) {
        name = newName;
    }
}
