package dev.sluice.functions.directory;

import dev.sluice.functions.mail.Mails;
import dev.sluice.functions.sql.Transaction;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Locale;
import org.jboss.logging.Logger;

/**
 * Counts whom a directory takes away one by one: each is what it says, and is done, but many at once may be a mistake of
 * whoever administers it. Then there is an alarm, once in ten minutes.
 */
@ApplicationScoped
public class Losses {
    private static final Logger LOG = Logger.getLogger(Losses.class);

    private static final String COUNT = """
            UPDATE directory d SET
                losses = CASE WHEN losses_since > now() - interval '10 minutes' THEN losses + ? ELSE ? END,
                losses_since = CASE WHEN losses_since > now() - interval '10 minutes' THEN losses_since ELSE now() END
            WHERE account_id = ? AND id = ?
            RETURNING losses::bigint AS losses, coalesce(alarmed_at > losses_since, false) AS alarmed,
                (SELECT count(*) FROM directory_user u
                 WHERE u.account_id = d.account_id AND u.directory_id = d.id AND u.active) AS left_over
            """;

    private static final String ALARMED =
            "UPDATE directory SET alarmed_at = clock_timestamp() WHERE account_id = ? AND id = ?";

    private record Counted(long losses, boolean alarmed, long left) {}

    private final DirectorySettings settings;
    private final MeterRegistry metrics;

    @Inject
    public Losses(DirectorySettings settings, MeterRegistry metrics) {
        this.settings = settings;
        this.metrics = metrics;
    }

    /** Notes that so many more were suspended or deleted. */
    public void count(Transaction transaction, Directory directory, int more) {
        if (more == 0) {
            return;
        }
        var counted = transaction.one(
                COUNT,
                row -> new Counted(row.number("losses"), row.flag("alarmed"), row.number("left_over")),
                more,
                more,
                directory.accountId(),
                directory.id());
        metrics.counter("sluice.directory.losses").increment(more);
        if (!counted.alarmed() && settings.isMuch(counted.losses(), counted.losses() + counted.left())) {
            transaction.update(ALARMED, directory.accountId(), directory.id());
            metrics.counter("sluice.directory.alarms").increment();
            Mails.tell(
                    transaction,
                    directory.accountId(),
                    "directory " + directory.id() + " losses",
                    "The directory " + directory.name() + " takes many users away",
                    String.format(Locale.ROOT, """
                            The directory %s has taken away %d of its users within ten minutes, and %d are left. It was done \
                            as it says.

                            If that is a mistake, 'sluice portal directory disable' has nothing more be heard of it; mend it \
                            there, and enable it again.
                            """, directory.name(), counted.losses(), counted.left()));
            LOG.errorf(
                    "directory %s of account %s has taken away %d of its users within ten minutes, and %d are left",
                    directory.id(), directory.accountId(), counted.losses(), counted.left());
        }
    }
}
