package dev.sluice.functions.plan;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How much of a limit is used.
 *
 * @param available what may still be added; null where any number may
 * @param total null for no limit
 */
@Schema(name = "LimitUse")
public record Use(
        long used, @Nullable Long available, @Nullable Long total) {
    static Use of(long used, @Nullable Long total) {
        return new Use(used, total == null ? null : Math.max(0, total - used), total);
    }

    boolean isExceeded() {
        return total != null && used > total;
    }
}
