package dev.sluice.channel;

import java.util.UUID;

/** The grant ended: the gateway refuses the client's packets for this resource. */
public record RejectAccess(UUID clientId, UUID resourceId) implements PortalToGateway {}
