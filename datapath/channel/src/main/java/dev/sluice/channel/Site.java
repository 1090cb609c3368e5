package dev.sluice.channel;

import java.util.UUID;

/** Where gateways stand that serve a resource; the wire calls it {@code gateway_group}. */
public record Site(UUID id, String name) {}
