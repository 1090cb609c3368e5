package dev.sluice.functions.resource;

import dev.sluice.functions.entity.OwnedRepository;
import jakarta.enterprise.context.ApplicationScoped;

/** The resources of an account. */
@ApplicationScoped
public class Resources extends OwnedRepository<ResourceEntity> {
    public Resources() {
        super("resource", ResourceEntity.class);
    }
}
