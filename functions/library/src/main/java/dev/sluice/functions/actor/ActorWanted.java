package dev.sluice.functions.actor;

import dev.sluice.functions.api.Name;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * What an actor is to be. What is absent stays; a new one needs a name and a type.
 *
 * @param type as in {@link ActorView}; people stay people
 * @param disabled whether all that they have ends, until they are enabled again
 */
public record ActorWanted(
        @Pattern(regexp = Name.PATTERN, message = Name.RULE) @Nullable String name,

        @Pattern(
                regexp = ActorType.API_WORDS,
                message = "is account_user, account_admin_user, service_account or api_client")
        @Nullable String type,

        @Email(message = "is no e-mail address") @Size(min = 3, max = 254, message = "has 3 to 254 characters") @Nullable String email,

        @Nullable Boolean disabled) {}
