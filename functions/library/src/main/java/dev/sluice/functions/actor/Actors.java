package dev.sluice.functions.actor;

import dev.sluice.functions.entity.OwnedRepository;
import jakarta.enterprise.context.ApplicationScoped;

/** The actors of an account. */
@ApplicationScoped
public class Actors extends OwnedRepository<ActorEntity> {
    public Actors() {
        super("actor", ActorEntity.class);
    }
}
