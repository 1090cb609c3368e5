package dev.sluice.functions.api;

import dev.sluice.functions.settings.SettingException;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How much of the API an account may use. */
@ConfigMapping(prefix = "sluice.api")
public interface ApiSettings {
    /** So many requests at once, after a pause. */
    @WithDefault("200")
    int burst();

    /** So many requests a second for as long as one likes; 0 for any number. */
    @WithDefault("20")
    int perSecond();

    /** What a directory may send at once, in bytes. */
    @WithDefault("5242880")
    long longestOfDirectory();

    /** @throws SettingException when they do not fit */
    default void check() {
        if (burst() < 1 || perSecond() < 0) {
            throw new SettingException("sluice.api.burst is " + burst() + " and sluice.api.per-second " + perSecond()
                    + ": take at least 1, and at least 0.");
        }
    }
}
