package dev.sluice.lab;

/** Something that stops the lab or a command on it; the message says what and, where there is one, the remedy. */
public final class LabException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A failure with a message for the user. */
    public LabException(String message) {
        super(message);
    }

    /** A failure with a message for the user and what caused it. */
    public LabException(String message, Throwable cause) {
        super(message + ": " + cause.getMessage(), cause);
    }

    static LabException wrap(String what, Throwable cause) {
        return cause instanceof LabException known ? known : new LabException(what, cause);
    }
}
