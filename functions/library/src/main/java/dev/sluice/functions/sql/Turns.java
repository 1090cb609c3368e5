package dev.sluice.functions.sql;

import java.util.UUID;

/**
 * Whose turn it is: of those who read what access rests on, as many at once as there are, or of one who ends access.
 *
 * <p>Row locks alone do not queue: PostgreSQL lets those who share a row pass somebody who waits for it, so that asks without
 * a pause keep a revocation waiting for seconds. Who holds the turn holds it until the end of the transaction.
 */
public final class Turns {
    private static final String SHARE =
            "SELECT pg_advisory_xact_lock_shared(every_turn()), pg_advisory_xact_lock_shared(turn_of(?))";

    private static final String TAKE = "SELECT take_turn(?)";

    private static final String SHARE_WITH_CLIENT = SHARE + ", pg_advisory_xact_lock_shared(turn_of(?))";

    private Turns() {}

    /**
     * Before what access rests on is read, in a statement of its own: the snapshot of a statement that took the turn would be
     * older than the wait for it.
     */
    public static void share(Transaction transaction, UUID accountId) {
        transaction.list(SHARE, row -> true, accountId);
    }

    /** The same, for a pipeline that then reads it. */
    public static void share(Pipeline pipeline, UUID accountId) {
        pipeline.run(SHARE, accountId);
    }

    /** As {@link #share(Pipeline, UUID)}, where what a client's access rests on is its origin too. */
    public static void share(Pipeline pipeline, UUID accountId, UUID clientId) {
        pipeline.run(SHARE_WITH_CLIENT, accountId, clientId);
    }

    /**
     * Before access is ended, and as the last thing before: all asks of the account wait from here on. SQL that does not take
     * its account's turn has the turn of all accounts taken for it, by a trigger.
     */
    public static void take(Transaction transaction, UUID accountId) {
        transaction.list(TAKE, row -> true, accountId);
    }

    /** The same, for a pipeline that then ends it. */
    public static void take(Pipeline pipeline, UUID accountId) {
        pipeline.run(TAKE, accountId);
    }

    /** Before it changes from where a client comes: its asks alone wait from here on. */
    public static void takeOfClient(Pipeline pipeline, UUID clientId) {
        pipeline.run("SELECT pg_advisory_xact_lock(turn_of(?))", clientId);
    }
}
