package dev.sluice.functions.directory.workos;

import dev.sluice.functions.directory.DirectoryService;
import dev.sluice.functions.directory.sync.DirectoryFailure;
import dev.sluice.functions.directory.sync.OneUser;
import dev.sluice.functions.mail.Mails;
import dev.sluice.functions.sql.Acting;
import dev.sluice.functions.sql.DatabaseFailure;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Takes each event once. It is a signal: of a user what WorkOS says of them now is done at once; for everything else the
 * directory is asked soon, once for many events. What cannot be done now is left to WorkOS, which comes again.
 */
@ApplicationScoped
public class WorkOsInbox {
    /** What to answer. */
    enum Answer {
        /** It is dealt with, for good. */
        TAKEN,
        /** It is to come again. */
        LATER
    }

    private static final Logger LOG = Logger.getLogger(WorkOsInbox.class);

    /** So long more events are waited for. */
    private static final Duration SOON = Duration.ofSeconds(5);

    private static final String KNOWN = "SELECT FROM workos_event WHERE id = ?";

    private static final String KEEP =
            "INSERT INTO workos_event (id, type, source_id, outcome) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING";

    /** WorkOS repeats an event for three days. */
    private static final String FORGET = "DELETE FROM workos_event WHERE received_at < now() - interval '30 days'";

    private static final String WHOSE =
            "SELECT account_id, directory_id FROM directory_of_source(?) WHERE directory_id IS NOT NULL";

    private record Whose(UUID accountId, UUID directoryId) {
        static Whose read(Row row) {
            return new Whose(row.id("account_id"), row.id("directory_id"));
        }
    }

    private final Transactions transactions;
    private final WorkOsApi workos;
    private final OneUser oneUser;
    private final MeterRegistry metrics;

    @Inject
    public WorkOsInbox(Transactions transactions, WorkOsApi workos, OneUser oneUser, MeterRegistry metrics) {
        this.transactions = transactions;
        this.workos = workos;
        this.oneUser = oneUser;
        this.metrics = metrics;
    }

    Answer take(WorkOsEvent event) {
        try {
            if (isKnown(event)) {
                return counted(Answer.TAKEN, "repeated");
            }
            Optional<Whose> whose = event.isAboutADirectory() ? whose(event) : Optional.empty();
            if (whose.isEmpty()) {
                transactions.ofPortal().run(transaction -> keep(transaction, event, "ignored"));
                return counted(Answer.TAKEN, "ignored");
            }
            Whose of = whose.get();
            var acting = new Acting(of.accountId(), "directory " + of.directoryId(), event.id());
            ScopedValue.where(Acting.CURRENT, acting).run(() -> carryOut(event, of));
            return counted(Answer.TAKEN, "applied");
        } catch (RequestException e) {
            // Coming again, it would find the same.
            LOG.errorf("WorkOS' event %s (%s) cannot be carried out: %s", event.id(), event.type(), e.getMessage());
            transactions.ofPortal().run(transaction -> keep(transaction, event, "failed: " + e.getMessage()));
            return counted(Answer.TAKEN, "failed");
        } catch (DirectoryFailure | DatabaseFailure e) {
            LOG.warnf("WorkOS' event %s is to come again: %s", event.id(), e.getMessage());
            return counted(Answer.LATER, "later");
        }
    }

    private void carryOut(WorkOsEvent event, Whose of) {
        if (event.isAboutAUser()) {
            String user = Objects.requireNonNull(event.userId());
            oneUser.become(
                    of.accountId(),
                    of.directoryId(),
                    event.idpId(),
                    () -> workos.user(user),
                    transaction -> keep(transaction, event, "applied"));
            return;
        }
        transactions.inAccount(of.accountId()).run(transaction -> {
            if (event.isTheEnd()) {
                // Nobody is removed by that: whoever wants to deletes the directory here.
                DirectoryService.disable(transaction, of.accountId(), of.directoryId());
                Mails.tell(
                        transaction,
                        of.accountId(),
                        "directory " + of.directoryId() + " unlinked",
                        "A directory was unlinked",
                        """
                        A directory was unlinked at WorkOS. It is disabled, and its people and groups stay as they are.

                        'sluice portal directory list' shows it; 'directory delete' says what becomes of its people.
                        """);
                LOG.errorf(
                        "directory %s of account %s was unlinked at WorkOS: it is disabled, and its people stay",
                        of.directoryId(), of.accountId());
            } else {
                DirectoryService.want(transaction, of.accountId(), of.directoryId(), SOON);
            }
            keep(transaction, event, "applied");
        });
    }

    /** Lets go of events that cannot be repeated any more. */
    void forget() {
        transactions.ofPortal().run(transaction -> transaction.update(FORGET));
    }

    private static void keep(Transaction transaction, WorkOsEvent event, String outcome) {
        transaction.update(KEEP, event.id(), event.type(), event.sourceId(), outcome);
    }

    private boolean isKnown(WorkOsEvent event) {
        return transactions
                .ofPortal()
                .<Boolean>glance(transaction ->
                        transaction.first(KNOWN, row -> true, event.id()).isPresent());
    }

    private Optional<Whose> whose(WorkOsEvent event) {
        return transactions.ofPortal().glance(transaction -> transaction.first(WHOSE, Whose::read, event.sourceId()));
    }

    private Answer counted(Answer answer, String outcome) {
        metrics.counter("sluice.workos.events", "outcome", outcome).increment();
        return answer;
    }
}
