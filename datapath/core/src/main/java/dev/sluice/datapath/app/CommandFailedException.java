package dev.sluice.datapath.app;

import org.jspecify.annotations.Nullable;

/** Ends a command with a message for its user: what is wrong, and what to do. */
final class CommandFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    private CommandFailedException(int exitCode, @Nullable String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** Refused or failed: exit code 1. */
    static CommandFailedException refused(@Nullable String message) {
        return new CommandFailedException(1, message);
    }

    /** Called in a way that cannot be meant: exit code 2. */
    static CommandFailedException usage(String message) {
        return new CommandFailedException(2, message);
    }

    int exitCode() {
        return exitCode;
    }
}
