package dev.sluice.functions.sql;

import java.util.Optional;

/** A request that cannot be carried out as it stands. The text is for whoever made it: what is wrong and what to do. */
public final class RequestException extends RuntimeException {
    public enum Kind {
        /** What was named does not exist. */
        NOT_FOUND,
        /** What was asked for is not valid. */
        INVALID,
        /** It contradicts what exists. */
        CONFLICT,
        /** It is about a version that has gone. */
        OUTDATED
    }

    private final Kind kind;
    private final Optional<String> argument;

    private RequestException(Kind kind, String message, Optional<String> argument) {
        super(message);
        this.kind = kind;
        this.argument = argument;
    }

    public static RequestException notFound(String message) {
        return new RequestException(Kind.NOT_FOUND, message, Optional.empty());
    }

    public static RequestException invalid(String message) {
        return new RequestException(Kind.INVALID, message, Optional.empty());
    }

    /** As {@link #invalid}, where one argument is missing or malformed; the message has its name in quotes. */
    public static RequestException argument(String name, String message) {
        return new RequestException(Kind.INVALID, message, Optional.of(name));
    }

    public static RequestException conflict(String message) {
        return new RequestException(Kind.CONFLICT, message, Optional.empty());
    }

    public static RequestException outdated(String message) {
        return new RequestException(Kind.OUTDATED, message, Optional.empty());
    }

    public Kind kind() {
        return kind;
    }

    /** The name of the argument that is missing or malformed. */
    public Optional<String> argument() {
        return argument;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
