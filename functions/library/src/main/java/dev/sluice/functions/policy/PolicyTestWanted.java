package dev.sluice.functions.policy;

import dev.sluice.functions.api.Name;
import jakarta.validation.constraints.Pattern;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a policy test is to be. What is absent stays; a new one needs a name, an actor, a resource, and whether the one can
 * reach the other, and keeps both.
 *
 * @param canReach whether they can
 * @param at at this time; at whichever it is run if nothing is said
 * @param remoteIp from this address; not known if nothing is said, and then no condition on it holds
 * @param region from this country, likewise
 * @param verified with a client that is verified
 */
public record PolicyTestWanted(
        @Pattern(regexp = Name.PATTERN, message = Name.RULE) @Nullable String name,

        @Nullable UUID actorId,
        @Nullable UUID resourceId,
        @Nullable Boolean canReach,
        @Nullable Instant at,

        @Pattern(regexp = PolicyTestWanted.ADDRESS, message = PolicyTestWanted.ADDRESS_RULE) @Nullable String remoteIp,

        @Pattern(regexp = PolicyTestWanted.COUNTRY, message = PolicyTestWanted.COUNTRY_RULE) @Nullable String region,

        @Nullable Boolean verified) {
    public static final String ADDRESS = "[0-9A-Fa-f.:]{2,45}";
    public static final String ADDRESS_RULE = "is an address";
    public static final String COUNTRY = "[A-Za-z]{2}";
    public static final String COUNTRY_RULE = "is a code of two letters such as DE (ISO 3166-1)";
}
