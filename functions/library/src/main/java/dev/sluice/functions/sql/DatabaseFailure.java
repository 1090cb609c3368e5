package dev.sluice.functions.sql;

import java.sql.SQLException;
import java.util.List;

/** The database refused a statement or cannot be reached. The text quotes no rows. */
public final class DatabaseFailure extends RuntimeException {
    private static final String UNIQUE_VIOLATION = "23505";

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private static final String READ_ONLY_TRANSACTION = "25006";
    private static final String CONNECTION_EXCEPTION = "08";

    /** Shut down by its operator, crashed, not yet up again. */
    private static final List<String> SHUTDOWN = List.of("57P01", "57P02", "57P03");

    private final String state;
    private final boolean ofCommit;

    DatabaseFailure(SQLException cause) {
        this(cause, false);
    }

    private DatabaseFailure(SQLException cause, boolean ofCommit) {
        super(cause.getMessage(), cause);
        this.state = cause.getSQLState() == null ? "" : cause.getSQLState();
        this.ofCommit = ofCommit;
    }

    static DatabaseFailure ofCommit(SQLException cause) {
        return new DatabaseFailure(cause, true);
    }

    /** Whether the server has ended the connection, or is a standby now. */
    public boolean isServerGone() {
        return state.equals(READ_ONLY_TRANSACTION)
                || state.startsWith(CONNECTION_EXCEPTION)
                || SHUTDOWN.contains(state);
    }

    /** Whether it may have been committed all the same. */
    boolean isOutcomeUnknown() {
        return ofCommit && isServerGone();
    }

    /** Whether the database gave one of these SQLSTATE codes. */
    public boolean hasState(String... states) {
        return List.of(states).contains(state);
    }

    /** Whether a row of the same key exists. */
    public boolean isDuplicate() {
        return hasState(UNIQUE_VIOLATION);
    }

    /** Whether somebody kept a row locked for too long. */
    public boolean isLocked() {
        return hasState(LOCK_NOT_AVAILABLE);
    }
}
