package dev.sluice.functions.process;

/** An environment variable cannot be used. The message names it and says what it takes. */
public final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SettingsException(String message) {
        super(message);
    }
}
