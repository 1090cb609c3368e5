package dev.sluice.functions.directory;

import dev.sluice.functions.entity.OwnedRepository;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** The directories of an account. */
@ApplicationScoped
public class Directories extends OwnedRepository<DirectoryEntity> {
    public Directories() {
        super("directory", DirectoryEntity.class);
    }

    boolean isTaken(UUID accountId, String name) {
        return count("accountId = ?1 and name = ?2", accountId, name) > 0;
    }
}
