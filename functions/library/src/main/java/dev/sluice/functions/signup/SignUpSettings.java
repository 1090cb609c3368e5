package dev.sluice.functions.signup;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Who may make an account. */
@ConfigMapping(prefix = "sluice.sign-up")
public interface SignUpSettings {
    /** {@code SLUICE_SIGN_UP}: the domains of the e-mail addresses of those who may, or {@code *}; nobody if it is absent. */
    Optional<List<String>> domains();

    /** Whether whoever has this address may. */
    default boolean allows(String email) {
        String domain = email.substring(email.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
        return domains().orElse(List.of()).stream()
                .map(allowed -> allowed.strip().toLowerCase(Locale.ROOT))
                .anyMatch(allowed -> allowed.equals("*") || allowed.equals(domain));
    }
}
