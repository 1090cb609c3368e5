package dev.sluice.functions.directory.sync;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One time that a directory was asked.
 *
 * @param readAt when all was read; null if not all was
 * @param outcome {@code applied}, {@code unchanged}, {@code held} or {@code failed}; null while it is being asked
 * @param error in words; null unless it failed
 * @param counts how many of what were added, changed, removed and held; what is not there was none
 */
public record RunView(
        UUID id,
        Instant startedAt,
        @Nullable Instant readAt,
        @Nullable Instant finishedAt,
        @Nullable String outcome,
        @Nullable String error,
        Map<String, Long> counts) {}
