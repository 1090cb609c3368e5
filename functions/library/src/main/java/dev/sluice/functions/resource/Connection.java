package dev.sluice.functions.resource;

import jakarta.validation.constraints.NotNull;
import java.util.UUID;

/** A site whose gateways serve a resource. */
public record Connection(@NotNull(message = "is missing") UUID gatewayGroupId) {}
