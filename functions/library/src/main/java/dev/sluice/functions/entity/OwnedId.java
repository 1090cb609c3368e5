package dev.sluice.functions.entity;

import java.io.Serializable;
import java.util.UUID;

/** The key of what belongs to an account: nothing is found by its id alone. */
public record OwnedId(UUID accountId, UUID id) implements Serializable {}
