package dev.sluice.functions.directory;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How often directories are asked, and what is much to lose at once. */
@ConfigMapping(prefix = "sluice.directory")
public interface DirectorySettings {
    /** After one went well. */
    @WithDefault("10M")
    Duration every();

    /** How long a provider may take for one answer. */
    @WithDefault("30S")
    Duration answerWithin();

    /** Before a request that failed is made again; then twice as long, and so on. */
    @WithDefault("1S")
    Duration pause();

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
