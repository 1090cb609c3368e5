package dev.sluice.functions.console;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How often one address may try to sign in. */
@ConfigMapping(prefix = "sluice.sign-in")
public interface SignInSettings {
    /** So many times at once, after a pause. */
    @WithDefault("20")
    int burst();

    /** So many a minute for as long as one likes. */
    @WithDefault("10")
    int perMinute();
}
