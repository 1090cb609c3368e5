package dev.sluice.functions.policy;

import dev.sluice.functions.entity.OwnedRepository;
import jakarta.enterprise.context.ApplicationScoped;

/** The policies of an account. */
@ApplicationScoped
public class Policies extends OwnedRepository<PolicyEntity> {
    public Policies() {
        super("policy", PolicyEntity.class);
    }
}
