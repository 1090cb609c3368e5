package dev.sluice.channel;

import java.util.UUID;

/**
 * A resource changed into something that this version cannot read: what was granted of it may be more than is allowed
 * now. On the wire a {@code resource_updated} of which only the id is understood.
 */
public record ResourceUnreadable(UUID resourceId) implements PortalToGateway {}
