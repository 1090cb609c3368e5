package dev.sluice.functions.stream;

import dev.sluice.functions.settings.SettingException;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** When an instance does what nobody asks it for, and how long it waits for devices. */
@ConfigMapping(prefix = "sluice.stream")
public interface StreamSettings {
    /** How often the outbox is looked into even if nobody said a word. */
    @WithDefault("200MS")
    Duration poll();

    /** How long what was handed over waits to be marked so together with others. */
    @WithDefault("100MS")
    Duration gather();

    /** How often the instance says that it lives; it counts as dead 15 s after it was seen last. */
    @WithDefault("3S")
    Duration beat();

    /** For how long a device may be silent. Own peers send a heartbeat each 10 s, those of 2025 each 30 s. */
    @WithDefault("45S")
    Duration idleLimit();

    /** How long a device may take to join after its handshake, whatever else it says. */
    @WithDefault("15S")
    Duration joinWithin();

    /**
     * How many devices come in at once, by handshake or with a snapshot. Those beyond are told to come again a little later: a
     * portal that restarts has all of them before it at the same time.
     */
    @WithDefault("32")
    int arrivalsAtOnce();

    /** How often what a client was offered is held against what then holds: time opens and closes resources. */
    @WithDefault("60S")
    Duration lookEvery();

    /** How often our own gateways are told what they should have been told, summed up. */
    @WithDefault("60S")
    Duration digestEvery();

    /** A connection in the table was heard no longer ago than this before its instance was seen last. */
    default Duration unheard() {
        return idleLimit().plus(beat());
    }

    /**
     * Holds them against what they depend on.
     *
     * @throws SettingException when they do not fit
     */
    default void check() {
        SettingException.requirePositive("sluice.stream.poll", poll());
        SettingException.requirePositive("sluice.stream.gather", gather());
        SettingException.requirePositive("sluice.stream.join-within", joinWithin());
        SettingException.requirePositive("sluice.stream.look-every", lookEvery());
        SettingException.requirePositive("sluice.stream.digest-every", digestEvery());
        if (arrivalsAtOnce() < 1) {
            throw new SettingException("sluice.stream.arrivals-at-once is " + arrivalsAtOnce() + ": take at least 1.");
        }
        if (beat().compareTo(Duration.ofSeconds(1)) < 0 || beat().compareTo(Duration.ofSeconds(5)) > 0) {
            throw new SettingException("sluice.stream.beat is " + beat().toMillis()
                    + " ms: take 1 s to 5 s, or a beat that comes late makes all devices of this instance offline.");
        }
        if (idleLimit().compareTo(Duration.ofSeconds(40)) < 0) {
            throw new SettingException("sluice.stream.idle-limit is "
                    + idleLimit().toSeconds() + " s: take 40 s or more, since peers of 2025 say something each 30 s.");
        }
    }
}
