package dev.sluice.functions.command;

import org.jspecify.annotations.Nullable;

/** The command was refused or could not be carried out. The message says why and what to do. */
final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The name of the argument that is missing or malformed, if it is that. */
    private final @Nullable String argument;

    CommandException(String message) {
        this(message, null);
    }

    CommandException(String message, @Nullable String argument) {
        super(message);
        this.argument = argument;
    }

    @Nullable String argument() {
        return argument;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
