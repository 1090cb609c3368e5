package dev.sluice.functions.settings;

import java.time.Duration;

/** A setting cannot be used. The message names it and says what it takes. */
public final class SettingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SettingException(String message) {
        super(message);
    }

    /** @throws SettingException if the time is nothing or less */
    public static void requirePositive(String name, Duration time) {
        if (!time.isPositive()) {
            throw new SettingException(name + " is " + time.toMillis() + " ms: take more than nothing.");
        }
    }
}
