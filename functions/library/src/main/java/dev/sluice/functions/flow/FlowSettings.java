package dev.sluice.functions.flow;

import dev.sluice.functions.settings.SettingException;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What bounds decisions. */
@ConfigMapping(prefix = "sluice.flow")
public interface FlowSettings {
    /** How long a gateway has to confirm, and an ask to be decided: by then clients have given up. */
    @WithDefault("5S")
    Duration answerWithin();

    /**
     * How many asks are decided at once. The other connections of the pool are for handshakes and joins, whatever the asks
     * wait for: it has to be larger than this.
     */
    @WithDefault("12")
    int decisionsAtOnce();

    /** How often a second a client is refused one resource; further asks of that second are left without an answer. */
    @WithDefault("10")
    int denialsASecond();

    /**
     * Holds them against what they depend on.
     *
     * @param connections of the pool by which asks are decided
     * @throws SettingException when they do not fit
     */
    default void check(int connections) {
        if (decisionsAtOnce() < 1 || decisionsAtOnce() >= connections) {
            throw new SettingException("sluice.flow.decisions-at-once is " + decisionsAtOnce() + " and the pool has "
                    + connections + " connections: take at least 1, and fewer than the pool has, or nobody could join"
                    + " while asks wait. quarkus.datasource.jdbc.max-size makes the pool larger.");
        }
        if (denialsASecond() < 1) {
            throw new SettingException("sluice.flow.denials-a-second is " + denialsASecond()
                    + ": take at least 1, or nobody is told why an ask was refused.");
        }
        SettingException.requirePositive("sluice.flow.answer-within", answerWithin());
    }
}
