package dev.sluice.channel;

/** The client may ask for this resource, which it may know in another shape. */
public record ResourceCreatedOrUpdated(Resource resource) implements PortalToClient {}
