package dev.sluice.channel;

import java.time.Instant;
import java.util.UUID;

/** The grant ends at another time, in whole seconds. */
public record AccessAuthorizationExpiryUpdated(UUID clientId, UUID resourceId, Instant expiresAt)
        implements PortalToGateway {}
