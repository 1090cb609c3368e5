package dev.sluice.functions.outgoing;

/** A request was not made, or not answered as it must be. The message is for whoever typed the address. */
public final class OutgoingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutgoingException(String message) {
        super(message);
    }

    OutgoingException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
