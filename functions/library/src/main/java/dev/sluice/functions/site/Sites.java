package dev.sluice.functions.site;

import dev.sluice.functions.entity.OwnedRepository;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** The sites of an account. */
@ApplicationScoped
public class Sites extends OwnedRepository<SiteEntity> {
    public Sites() {
        super("site", SiteEntity.class);
    }

    boolean isTaken(UUID accountId, String name) {
        return count("accountId = ?1 and name = ?2", accountId, name) > 0;
    }
}
