package dev.sluice.functions.directory.sync;

/** A directory was not read, or not whole. The message is for the account's admins: what is wrong, and what to do. */
public final class DirectoryFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean passing;

    private DirectoryFailure(String message, boolean passing) {
        super(message);
        this.passing = passing;
    }

    /** It may go well another time. */
    public static DirectoryFailure passing(String message) {
        return new DirectoryFailure(message, true);
    }

    /** Somebody has to change something first. */
    public static DirectoryFailure lasting(String message) {
        return new DirectoryFailure(message, false);
    }

    boolean isPassing() {
        return passing;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
