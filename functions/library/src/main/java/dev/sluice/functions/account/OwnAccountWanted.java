package dev.sluice.functions.account;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What an account is to be. What is absent stays.
 *
 * @param policyTestsEnforced whether a change is refused that breaks a policy test
 * @param searchDomain what its clients complete short names with; empty for nothing
 * @param upstreamDns whom its clients ask for names that are no resource; the system's resolvers if there are none
 */
@Schema(name = "OwnAccountWanted")
public record OwnAccountWanted(
        @Pattern(regexp = "(?=.*\\S)[^\\x00-\\x1F\\x7F]{3,64}", message = "has 3 to 64 characters, and none of control")
        @Nullable String name,

        @Nullable Boolean policyTestsEnforced,

        @Pattern(regexp = OwnAccountWanted.DOMAIN, message = "is a domain such as corp.example") @Nullable String searchDomain,

        @Size(max = 8, message = "names 8 resolvers at most") @Nullable List<
                        @NotNull(message = "is missing") @Size(min = 2, max = 64, message = "is an address, with or without a port") String>
                upstreamDns) {
    private static final String LABEL = "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";

    /** RFC 1035, section 2.3, and the underscores that are in use; or nothing. */
    static final String DOMAIN = "|(?=.{1,253}$)" + LABEL + "(\\." + LABEL + ")*";
}
