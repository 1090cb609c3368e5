package dev.sluice.functions.actor;

import dev.sluice.functions.api.View;
import java.time.Instant;
import java.util.UUID;

/**
 * A group as it is shown.
 *
 * @param type {@code static}, or {@code managed} for that of everyone
 */
public record GroupView(UUID id, String name, String type, Instant insertedAt, long version) implements View {}
