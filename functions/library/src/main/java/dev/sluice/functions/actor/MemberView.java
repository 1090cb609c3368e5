package dev.sluice.functions.actor;

import dev.sluice.functions.api.View;
import java.util.UUID;

/**
 * A member of a group as it is shown.
 *
 * @param id of the actor
 * @param type as in {@link ActorView}
 */
public record MemberView(UUID id, String name, String type, long version) implements View {}
