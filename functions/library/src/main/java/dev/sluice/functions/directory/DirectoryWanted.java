package dev.sluice.functions.directory;

import dev.sluice.functions.api.Name;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * What a directory is to be. What is absent stays; a new one needs a name and a type, and keeps its type.
 *
 * @param disabled whether nothing is heard of it; its people stay as they are
 * @param tenantId of Entra: the tenant's id
 * @param clientId of Entra: that of the application as which the portal asks
 * @param clientSecret of Entra: by what the application is known. It is never shown
 */
public record DirectoryWanted(
        @Pattern(regexp = Name.PATTERN, message = Name.RULE) @Nullable String name,

        @Pattern(regexp = DirectoryType.API_WORDS, message = "is scim, workos or entra") @Nullable String type,

        @Nullable Boolean disabled,

        @Pattern(regexp = ID, message = "is an id, as Entra's portal shows it") @Nullable String tenantId,

        @Pattern(regexp = ID, message = "is an id, as Entra's portal shows it") @Nullable String clientId,

        @Size(min = 1, max = 1000, message = "has 1 to 1000 characters") @Nullable String clientSecret) {
    private static final String ID = "[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}";

    /** Not the secret. */
    @Override
    public String toString() {
        return "DirectoryWanted[" + name + ", " + type + "]";
    }
}
