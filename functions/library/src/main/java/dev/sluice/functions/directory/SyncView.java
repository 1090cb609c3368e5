package dev.sluice.functions.directory;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a directory stands that is asked.
 *
 * @param running whether it is being asked now
 * @param succeededAt when all was read and done last; null if never
 * @param error in words, of the latest time; null if that went well
 * @param failures how many times it failed one after the other
 * @param nextAt when it is asked again; null while it is being asked, or was never
 * @param heldUsers how many it does not mention any more, and an admin is to decide about
 * @param heldGroups the same of groups
 * @param heldMemberships and of memberships
 */
public record SyncView(
        boolean running,
        @Nullable Instant succeededAt,
        @Nullable String error,
        long failures,
        @Nullable Instant nextAt,
        long heldUsers,
        long heldGroups,
        long heldMemberships) {
    /** Whether an admin is to decide about something. */
    public boolean waits() {
        return heldUsers + heldGroups + heldMemberships > 0;
    }
}
