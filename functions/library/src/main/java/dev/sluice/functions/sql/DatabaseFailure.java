package dev.sluice.functions.sql;

import java.sql.SQLException;
import java.util.List;

/** The database refused a statement or cannot be reached. The text quotes no rows. */
public final class DatabaseFailure extends RuntimeException {
    private static final String UNIQUE_VIOLATION = "23505";

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final String state;

    DatabaseFailure(SQLException cause) {
        super(cause.getMessage(), cause);
        this.state = cause.getSQLState() == null ? "" : cause.getSQLState();
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
