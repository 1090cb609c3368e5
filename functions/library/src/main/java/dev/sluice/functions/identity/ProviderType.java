package dev.sluice.functions.identity;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How people prove who they are at a provider. */
public enum ProviderType {
    /** By a code that is sent to them. */
    EMAIL(null),

    /** By a password that an admin has given them. */
    PASSWORD(null),

    /** At a provider that speaks OpenID Connect. */
    OIDC(null),

    GOOGLE("https://accounts.google.com"),

    /** Of one tenant. */
    ENTRA(null),

    OKTA(null);

    /** Those of the API. */
    static final String API_WORDS = "email|password|oidc|google|entra|okta";

    private final @Nullable String issuer;

    ProviderType(@Nullable String issuer) {
        this.issuer = issuer;
    }

    /** As in the database and the API. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether people go there to sign in. */
    public boolean isElsewhere() {
        return this != EMAIL && this != PASSWORD;
    }

    /** Who it is for everybody; null where each account says so. */
    @Nullable String issuer() {
        return issuer;
    }

    /**
     * Whether an address counts that it does not say to be verified: where all who are there are those of one company, which
     * gives the addresses out.
     */
    boolean givesAddressesOut() {
        return this == ENTRA || this == OKTA;
    }

    static ProviderType of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
