package dev.sluice.functions.directory.sync;

import dev.sluice.functions.directory.Directory;
import dev.sluice.functions.directory.DirectorySettings;
import dev.sluice.functions.mail.Mails;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The rows of runs: which is at it, what came of the others, and when the next is due. */
@ApplicationScoped
public class Runs {
    /** Whoever applies something holds the row. */
    private static final String ABANDON = """
            UPDATE directory_run SET finished_at = now(), outcome = 'failed', next_at = now(), failures = failures + 1,
                error = 'The portal stopped meanwhile.'
            WHERE id IN (
                SELECT id FROM directory_run
                WHERE account_id = ? AND directory_id = ? AND finished_at IS NULL AND is_left(beat_at)
                FOR UPDATE SKIP LOCKED)
            """;

    /** Asked for before, since an insertion would wait for whoever holds the row. */
    private static final String BEGIN = """
            INSERT INTO directory_run (id, account_id, directory_id, failures)
            SELECT ?, ?, ?, coalesce((SELECT failures FROM directory_run WHERE account_id = ? AND directory_id = ?
                                      ORDER BY started_at DESC LIMIT 1), 0)
            WHERE NOT EXISTS (
                SELECT FROM directory_run WHERE account_id = ? AND directory_id = ? AND finished_at IS NULL)
            ON CONFLICT DO NOTHING
            RETURNING failures::bigint AS failures
            """;

    private static final String END = """
            UPDATE directory_run SET finished_at = clock_timestamp(), outcome = ?, error = ?, failures = ?,
                next_at = clock_timestamp() + ? * interval '1 millisecond', counts = ?::jsonb
            WHERE account_id = ? AND id = ? AND finished_at IS NULL
            """;

    /** The latest that went well says since when nothing is known. */
    private static final String FORGET = """
            DELETE FROM directory_run r WHERE account_id = ? AND directory_id = ? AND started_at < (
                SELECT started_at FROM directory_run WHERE account_id = ? AND directory_id = ?
                ORDER BY started_at DESC OFFSET 200 LIMIT 1)
              AND id IS DISTINCT FROM (
                SELECT id FROM directory_run WHERE account_id = ? AND directory_id = ? AND outcome <> 'failed'
                ORDER BY started_at DESC LIMIT 1)
            """;

    private static final Duration LONGEST = Duration.ofHours(4);

    /** So many failures that may pass are no longer nothing. */
    private static final int WORTH_TELLING = 10;

    private final Transactions transactions;
    private final DirectorySettings settings;

    @Inject
    public Runs(Transactions transactions, DirectorySettings settings) {
        this.transactions = transactions;
        this.settings = settings;
    }

    /** Begins one, unless one is at it. */
    Optional<Run> begin(Directory directory) {
        var id = Ids.next();
        return transactions.inAccount(directory.accountId()).call(transaction -> {
            transaction.update(ABANDON, directory.accountId(), directory.id());
            return transaction.first(
                    BEGIN,
                    row -> new Run(directory, id, row.number("failures")),
                    id,
                    directory.accountId(),
                    directory.id(),
                    directory.accountId(),
                    directory.id(),
                    directory.accountId(),
                    directory.id());
        });
    }

    /** Ends it, as part of what it did last. */
    void succeeded(Transaction transaction, Run run, Counts counts) {
        end(transaction, run, counts.outcome(), null, 0, settings.every(), counts.json());
        if (counts.isHeld()) {
            var directory = run.directory();
            Mails.tell(
                    transaction,
                    directory.accountId(),
                    "directory " + directory.id() + " held",
                    "The directory " + directory.name() + " does not mention many any more",
                    """
                    The directory %s does not mention many of its users, groups or memberships any more. That may be a mistake \
                    there, so nothing of it was done: they keep their access until you decide.

                    See what it is with 'sluice portal directory held', and then 'directory apply' takes it away, and \
                    'directory discard' keeps it.
                    """.formatted(directory.name()));
        }
    }

    /** Ends it, with nothing done, or not all. */
    void failed(Run run, DirectoryFailure failure) {
        long failures = run.failures() + 1;
        Duration wait = failure.isPassing() ? backOff(failures) : LONGEST;
        transactions.inAccount(run.directory().accountId()).run(transaction -> {
            end(transaction, run, "failed", failure.getMessage(), failures, wait, "{}");
            if (!failure.isPassing() || failures >= WORTH_TELLING) {
                tell(transaction, run.directory(), failure);
            }
        });
    }

    private static void tell(Transaction transaction, Directory directory, DirectoryFailure failure) {
        Mails.tell(
                transaction,
                directory.accountId(),
                "directory " + directory.id() + " failed",
                "The directory " + directory.name() + " cannot be read",
                """
                The directory %s cannot be read, so that nobody is added or taken away as it says:

                    %s

                'sluice portal directory runs' shows since when, and 'directory sync' asks it again at once.
                """.formatted(directory.name(), failure.getMessage()));
    }

    private void end(
            Transaction transaction,
            Run run,
            String outcome,
            @Nullable String error,
            long failures,
            Duration wait,
            String counts) {
        var account = run.directory().accountId();
        var directory = run.directory().id();
        transaction.update(END, outcome, error, failures, jittered(wait).toMillis(), counts, account, run.id());
        transaction.update(FORGET, account, directory, account, directory, account, directory);
    }

    /** Ten minutes, then longer and longer, up to four hours. */
    private Duration backOff(long failures) {
        long times = Math.min(failures, 100);
        Duration wait = settings.every().multipliedBy(times * times + 1);
        return wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
    }

    /** Up to a tenth more, so that not all come at once. */
    private static Duration jittered(Duration wait) {
        return wait.plusMillis(ThreadLocalRandom.current().nextLong(wait.toMillis() / 10 + 1));
    }
}
