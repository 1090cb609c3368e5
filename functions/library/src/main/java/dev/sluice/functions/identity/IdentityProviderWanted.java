package dev.sluice.functions.identity;

import dev.sluice.functions.api.Name;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/**
 * What an identity provider is to be. What is absent stays; a new one needs a name and a type, and keeps its type.
 *
 * @param issuer who it is, as its discovery document says (OpenID Connect Discovery 1.0, section 3); of google it need not be said
 * @param clientId as which application people are sent there
 * @param clientSecret by what it knows the application, if it has one. It is never shown
 * @param disabled whether nobody may sign in by it; whoever had is signed out
 */
public record IdentityProviderWanted(
        @Pattern(regexp = Name.PATTERN, message = Name.RULE) @Nullable String name,

        @Pattern(regexp = ProviderType.API_WORDS, message = "is email, password, oidc, google, entra or okta") @Nullable String type,

        @Pattern(regexp = "https?://[^\\s?#]{1,240}", message = "is an address as https://id.example.com/tenant") @Nullable
        String issuer,

        @Size(min = 1, max = 255, message = "has 1 to 255 characters") @Nullable String clientId,

        @Size(min = 1, max = 1000, message = "has 1 to 1000 characters") @Nullable String clientSecret,

        @Nullable Boolean disabled) {
    /** Not the secret. */
    @Override
    public String toString() {
        return "IdentityProviderWanted[" + name + ", " + type + "]";
    }
}
