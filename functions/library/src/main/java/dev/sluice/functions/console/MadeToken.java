package dev.sluice.functions.console;

/**
 * A token that was made now, at the one moment when it is known.
 *
 * @param portal where the device calls it
 */
public record MadeToken(String token, String portal) {}
