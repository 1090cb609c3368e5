package dev.sluice.functions.command;

import java.util.Map;

/** The command was refused or could not be carried out. The message says why and what to do. */
final class CommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** By the field of a request, what is wrong with its value. */
    private final transient Map<String, String> fields;

    private final boolean notFound;

    CommandException(String message) {
        this(message, Map.of(), false);
    }

    CommandException(String message, Map<String, String> fields, boolean notFound) {
        super(message);
        this.fields = Map.copyOf(fields);
        this.notFound = notFound;
    }

    /** What was typed cannot be meant. */
    static CommandException argument(String field, String message) {
        return new CommandException(message, Map.of(field, message), false);
    }

    static CommandException notFound(String message) {
        return new CommandException(message, Map.of(), true);
    }

    Map<String, String> fields() {
        return fields;
    }

    /** Whether there is no such thing. */
    boolean isNotFound() {
        return notFound;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
