package dev.sluice.functions.audit;

import dev.sluice.functions.settings.SettingException;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long the audit is kept. */
@ConfigMapping(prefix = "sluice.audit")
public interface AuditSettings {
    Duration LEAST = Duration.ofDays(30);

    /** At least for so long, and for up to a month more: it goes by months. */
    @WithDefault("90D")
    Duration keep();

    /** @throws SettingException when it is too short */
    default void check() {
        if (keep().compareTo(LEAST) < 0) {
            throw new SettingException(
                    "sluice.audit.keep is " + keep().toHours() + " h: take at least " + LEAST.toDays() + "D.");
        }
    }
}
