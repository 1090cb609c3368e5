package dev.sluice.functions.resource;

import java.util.UUID;

/**
 * A site whose gateways serve a resource, as it is shown.
 *
 * @param gatewayGroup what it is called
 */
public record ConnectionView(UUID gatewayGroupId, String gatewayGroup) {}
