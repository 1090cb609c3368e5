package dev.sluice.functions.directory;

import java.util.UUID;

/** A directory, as those work with it who do what it says. */
public record Directory(UUID accountId, UUID id, String name, boolean isDisabled) {}
