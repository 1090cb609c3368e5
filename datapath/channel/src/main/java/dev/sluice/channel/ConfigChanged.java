package dev.sluice.channel;

/** The account's settings changed. */
public record ConfigChanged(ClientInterface tunnel) implements PortalToClient {}
