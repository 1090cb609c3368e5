package dev.sluice.channel;

import java.util.UUID;

/** The client may no longer ask for this resource. The payload is the bare id. */
public record ResourceDeleted(UUID resourceId) implements PortalToClient {}
