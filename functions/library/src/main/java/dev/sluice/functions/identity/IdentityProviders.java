package dev.sluice.functions.identity;

import dev.sluice.functions.entity.OwnedRepository;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** The identity providers of an account. */
@ApplicationScoped
public class IdentityProviders extends OwnedRepository<IdentityProviderEntity> {
    public IdentityProviders() {
        super("identity provider", IdentityProviderEntity.class);
    }

    boolean isTaken(UUID accountId, String name) {
        return count("accountId = ?1 and name = ?2", accountId, name) > 0;
    }

    boolean hasType(UUID accountId, ProviderType type) {
        return count("accountId = ?1 and type = ?2", accountId, type.word()) > 0;
    }

    boolean isLast(UUID accountId, UUID id) {
        return count("accountId = ?1 and disabledAt is null and id <> ?2", accountId, id) == 0;
    }
}
