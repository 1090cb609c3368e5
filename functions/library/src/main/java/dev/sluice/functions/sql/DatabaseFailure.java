package dev.sluice.functions.sql;

import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The database refused a statement or cannot be reached. The text quotes no rows. */
public final class DatabaseFailure extends RuntimeException {
    private static final String UNIQUE_VIOLATION = "23505";

    private static final String CHARACTER_NOT_IN_REPERTOIRE = "22021";
    private static final String UNTRANSLATABLE_CHARACTER = "22P05";
    private static final String RESTRICT_VIOLATION = "23001";

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

    /** Of a commit that the transaction manager could not do. */
    static DatabaseFailure ofCommit(Exception failure) {
        return new DatabaseFailure(refusal(failure), true);
    }

    /** Of what entities read or wrote. */
    static DatabaseFailure ofEntities(Exception failure) {
        return new DatabaseFailure(refusal(failure), false);
    }

    private static SQLException refusal(Exception failure) {
        return refusal(failure, new HashSet<>()).orElseGet(() -> new SQLException(failure.toString(), failure));
    }

    /** What the database said: the transaction manager wraps it, or adds it to what it says itself. */
    private static Optional<SQLException> refusal(@Nullable Throwable failure, Set<Throwable> seen) {
        if (failure == null || !seen.add(failure)) {
            return Optional.empty();
        }
        return failure instanceof SQLException refusal
                ? Optional.of(refusal)
                : Stream.concat(Stream.ofNullable(failure.getCause()), Stream.of(failure.getSuppressed()))
                        .flatMap(inner -> refusal(inner, seen).stream())
                        .findFirst();
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

    /** Whether a text has characters that it cannot hold: a zero. */
    public boolean isUnstorable() {
        return hasState(CHARACTER_NOT_IN_REPERTOIRE, UNTRANSLATABLE_CHARACTER);
    }

    /** What a trigger of ours has to say that keeps something as it is; empty if none does. */
    public Optional<String> restriction() {
        return hasState(RESTRICT_VIOLATION)
                ? Optional.of(String.valueOf(getMessage()).replaceFirst("^ERROR: ", ""))
                : Optional.empty();
    }

    /** Whether somebody kept a row locked for too long. */
    public boolean isLocked() {
        return hasState(LOCK_NOT_AVAILABLE);
    }
}
