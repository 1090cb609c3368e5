package dev.sluice.functions.database;

/** The database cannot be used. The message says what is wrong and what to do, and never holds a password. */
public final class DatabaseException extends RuntimeException {
    public DatabaseException(String message) {
        super(message);
    }

    public DatabaseException(String message, Throwable cause) {
        super(message, cause);
    }
}
