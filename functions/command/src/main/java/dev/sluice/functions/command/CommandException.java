package dev.sluice.functions.command;

/** The command was refused or could not be carried out. The message says why and what to do. */
final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CommandException(String message) {
        super(message);
    }
}
