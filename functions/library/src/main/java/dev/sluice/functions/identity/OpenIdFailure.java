package dev.sluice.functions.identity;

/** Nobody could be signed in at a provider. The message says why, to whoever tries. */
public class OpenIdFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    OpenIdFailure(String message) {
        super(message);
    }

    OpenIdFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
