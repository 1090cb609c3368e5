package dev.sluice.functions.directory;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What is much to lose at once. */
@ConfigMapping(prefix = "sluice.directory")
public interface DirectorySettings {
    /** Which share of what there is. */
    @WithDefault("0.25")
    double suspiciousShare();

    /** But not fewer than so many. */
    @WithDefault("5")
    int suspiciousCount();

    /** Whether it is much to lose so many of so many. */
    default boolean isMuch(long lost, long of) {
        return lost >= suspiciousCount() && lost >= of * suspiciousShare();
    }
}
