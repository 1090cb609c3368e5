package dev.sluice.functions.device;

import dev.sluice.functions.entity.OwnedRepository;
import jakarta.enterprise.context.ApplicationScoped;

/** The gateways of an account. */
@ApplicationScoped
public class Gateways extends OwnedRepository<GatewayEntity> {
    public Gateways() {
        super("gateway", GatewayEntity.class);
    }
}
