package dev.sluice.functions.account;

import java.util.UUID;

/** A tenant. */
public record Account(UUID id, String slug, String name, boolean disabled) {}
