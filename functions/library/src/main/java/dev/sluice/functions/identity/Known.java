package dev.sluice.functions.identity;

import java.util.UUID;

/** Somebody of an account, who has proved at a provider who they are. */
public record Known(UUID accountId, UUID actorId, UUID providerId) {}
