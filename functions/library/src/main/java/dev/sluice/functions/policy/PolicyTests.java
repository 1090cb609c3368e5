package dev.sluice.functions.policy;

import dev.sluice.functions.entity.OwnedRepository;
import jakarta.enterprise.context.ApplicationScoped;

/** The policy tests of an account. */
@ApplicationScoped
public class PolicyTests extends OwnedRepository<PolicyTestEntity> {
    public PolicyTests() {
        super("policy test", PolicyTestEntity.class);
    }
}
