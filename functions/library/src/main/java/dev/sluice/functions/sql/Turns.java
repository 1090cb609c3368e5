package dev.sluice.functions.sql;

import java.util.UUID;

/**
 * Whose turn it is: of those who read what access rests on, as many at once as there are, or of one who ends access.
 *
 * <p>Row locks alone do not queue: PostgreSQL lets those who share a row pass somebody who waits for it, so that asks without
 * a pause keep a revocation waiting for seconds. Who holds the turn holds it until the end of the transaction.
 */
public final class Turns {
    private Turns() {}

    /**
     * Before what access rests on is read, in a statement of its own: the snapshot of a statement that took the turn would be
     * older than the wait for it.
     */
    public static void share(Transaction transaction, UUID accountId) {
        transaction.list("SELECT share_turn(?)", row -> true, accountId);
    }

    /**
     * Before access is ended, and as the last thing before: all asks of the account wait from here on. SQL that does not take
     * its account's turn has the turn of all accounts taken for it, by a trigger.
     */
    public static void take(Transaction transaction, UUID accountId) {
        transaction.list("SELECT take_turn(?)", row -> true, accountId);
    }
}
