package dev.sluice.functions.device;

import dev.sluice.functions.entity.OwnedRepository;
import jakarta.enterprise.context.ApplicationScoped;

/** The clients of an account. */
@ApplicationScoped
public class Clients extends OwnedRepository<ClientEntity> {
    public Clients() {
        super("client", ClientEntity.class);
    }
}
