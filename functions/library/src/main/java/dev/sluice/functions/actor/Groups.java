package dev.sluice.functions.actor;

import dev.sluice.functions.entity.OwnedRepository;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** The groups of an account. */
@ApplicationScoped
public class Groups extends OwnedRepository<GroupEntity> {
    public Groups() {
        super("group", GroupEntity.class);
    }

    boolean isTaken(UUID accountId, String name) {
        return count("accountId = ?1 and name = ?2", accountId, name) > 0;
    }
}
