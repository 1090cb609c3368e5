package dev.sluice.functions.sql;

/** A request that cannot be carried out as it stands. The text is for whoever made it: what is wrong and what to do. */
public final class RequestException extends RuntimeException {
    public enum Kind {
        /** What was named does not exist. */
        NOT_FOUND,
        /** What was asked for is not valid. */
        INVALID,
        /** It contradicts what exists. */
        CONFLICT
    }

    private final Kind kind;

    private RequestException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public static RequestException notFound(String message) {
        return new RequestException(Kind.NOT_FOUND, message);
    }

    public static RequestException invalid(String message) {
        return new RequestException(Kind.INVALID, message);
    }

    public static RequestException conflict(String message) {
        return new RequestException(Kind.CONFLICT, message);
    }

    public Kind kind() {
        return kind;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
