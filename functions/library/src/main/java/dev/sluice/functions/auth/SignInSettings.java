package dev.sluice.functions.auth;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How often one address may try to sign in, and when it is told that it may not. */
@ConfigMapping(prefix = "sluice.sign-in")
public interface SignInSettings {
    /** So many times at once, after a pause. */
    @WithDefault("20")
    int burst();

    /** So many a minute for as long as one likes. */
    @WithDefault("10")
    int perMinute();

    /** How long after an attempt it is refused. */
    @WithDefault("1s")
    Duration refusal();
}
