package dev.sluice.functions.mail;

import java.io.Serial;

/** A mail was not sent. Its message names no address, its cause may. */
public final class MailException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    MailException(Throwable cause) {
        super(cause.getClass().getSimpleName(), cause);
    }
}
