package dev.sluice.functions.secret;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** By what secrets are sealed. */
@ConfigMapping(prefix = "sluice.secrets")
public interface SecretSettings {
    /**
     * {@code SLUICE_SECRETS_KEY}: 32 bytes in Base64. Two while one replaces the other: the first seals, and each opens what it
     * has sealed.
     */
    Optional<List<String>> key();
}
