package dev.sluice.functions.directory.sync;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a directory does not mention any more, and an admin is to decide about.
 *
 * @param kind {@code user}, {@code group} or {@code member}
 * @param actorId of a user or a member
 * @param actor what they are called
 * @param groupId of a group or a member
 * @param group what it is called
 */
public record HeldView(
        UUID id,
        String kind,
        @Nullable UUID actorId,
        @Nullable String actor,
        @Nullable UUID groupId,
        @Nullable String group) {}
