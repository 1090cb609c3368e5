package dev.sluice.functions.directory.workos;

import dev.sluice.functions.settings.SettingException;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** As whom WorkOS is asked. */
@ConfigMapping(prefix = "sluice.workos")
public interface WorkOsSettings {
    /** {@code WORKOS_API_KEY}. Without it there are no directories of WorkOS. */
    Optional<String> apiKey();

    /** {@code WORKOS_CLIENT_ID}: the environment that the key is of. */
    Optional<String> clientId();

    /** {@code WORKOS_WEBHOOK_SECRET}: two while one replaces the other. Without it events are refused, and directories polled. */
    Optional<List<String>> webhookSecrets();

    /** {@code WORKOS_API_BASE}: where WorkOS is, or what stands in for it. */
    @WithDefault("https://api.workos.com")
    URI apiBase();

    /**
     * Holds them against what they are for.
     *
     * @throws SettingException when they do not fit
     */
    default void check() {
        if (!apiBase().toString().startsWith("https://")
                && !Set.of("127.0.0.1", "localhost", "[::1]")
                        .contains(String.valueOf(apiBase().getHost()))) {
            throw new SettingException("WORKOS_API_BASE must be https://, or on this host: the key is sent there.");
        }
        if (webhookSecrets().orElse(List.of()).size() > 2) {
            throw new SettingException("WORKOS_WEBHOOK_SECRET has more than two secrets.");
        }
        if (apiKey().isEmpty() && (clientId().isPresent() || webhookSecrets().isPresent())) {
            throw new SettingException("WORKOS_API_KEY is missing: the key of WorkOS' API, sk_….");
        }
    }
}
