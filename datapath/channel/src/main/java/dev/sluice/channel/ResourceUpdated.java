package dev.sluice.channel;

/** The filters of a resource changed; the grants for it stay. */
public record ResourceUpdated(Resource resource) implements PortalToGateway {}
