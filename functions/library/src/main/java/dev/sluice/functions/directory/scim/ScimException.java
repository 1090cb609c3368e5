package dev.sluice.functions.directory.scim;

/** A request that SCIM refuses (RFC 7644, section 3.12). The text is for whoever runs the client. */
final class ScimException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String type;

    /** @param type the {@code scimType}; empty for none */
    private ScimException(int status, String type, String message) {
        super(message);
        this.status = status;
        this.type = type;
    }

    static ScimException of(int status, String message) {
        return new ScimException(status, "", message);
    }

    /** The body is not what belongs here. */
    static ScimException syntax(String message) {
        return new ScimException(400, "invalidSyntax", message);
    }

    static ScimException filter(String message) {
        return new ScimException(400, "invalidFilter", message);
    }

    static ScimException path(String message) {
        return new ScimException(400, "invalidPath", message);
    }

    /** A path picks nothing. */
    static ScimException target(String message) {
        return new ScimException(400, "noTarget", message);
    }

    static ScimException value(String message) {
        return new ScimException(400, "invalidValue", message);
    }

    /** Nobody may change that. */
    static ScimException mutability(String message) {
        return new ScimException(400, "mutability", message);
    }

    /** Another has it already. */
    static ScimException uniqueness(String message) {
        return new ScimException(409, "uniqueness", message);
    }

    static ScimException missing() {
        return of(404, "There is nothing of this id in the directory.");
    }

    int status() {
        return status;
    }

    String type() {
        return type;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
