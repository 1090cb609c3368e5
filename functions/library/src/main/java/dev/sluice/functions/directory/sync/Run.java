package dev.sluice.functions.directory.sync;

import dev.sluice.functions.directory.Directory;
import dev.sluice.functions.sql.Transaction;
import java.util.UUID;

/**
 * One time that a directory is asked, by one instance: no other begins before it has ended, or was not heard of for ten
 * minutes. Then whatever it still does is not done.
 */
record Run(Directory directory, UUID id, long failures) {
    private static final String READ =
            "UPDATE directory_run SET read_at = clock_timestamp() WHERE account_id = ? AND id = ?";

    private static final String BEAT = """
            UPDATE directory_run SET beat_at = clock_timestamp() WHERE account_id = ? AND id = ? AND finished_at IS NULL
            """;

    /** All is read. */
    void read(Transaction transaction) {
        transaction.update(READ, directory.accountId(), id);
    }

    /** @throws DirectoryFailure when somebody else has taken it over */
    void beat(Transaction transaction) {
        if (transaction.update(BEAT, directory.accountId(), id) == 0) {
            throw DirectoryFailure.passing("Another instance of the portal has taken over.");
        }
    }
}
