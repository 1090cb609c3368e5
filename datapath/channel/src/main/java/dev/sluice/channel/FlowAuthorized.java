package dev.sluice.channel;

/** The gateway holds the grant of the {@link AuthorizeFlow} with this {@code ref}. */
public record FlowAuthorized(String ref) implements GatewayToPortal {}
