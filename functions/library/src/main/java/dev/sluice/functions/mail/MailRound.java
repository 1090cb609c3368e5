package dev.sluice.functions.mail;

import dev.sluice.functions.settings.MailSettings;
import dev.sluice.functions.sql.Transactions;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.mailer.Mail;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Sends what waits. What cannot be sent is tried again for some hours. */
@ApplicationScoped
public class MailRound {
    private static final Logger LOG = Logger.getLogger(MailRound.class);

    private static final int PAGE = 20;
    private static final int MOST_FAILURES = 10;

    private static final String DUE = "SELECT account_id, mail_id, subject, body, failures FROM mails_due(?)";

    private static final String ADMINS = """
            SELECT email FROM actor WHERE account_id = ? AND type = 'admin' AND disabled_at IS NULL AND email IS NOT NULL
            ORDER BY inserted_at LIMIT 100
            """;

    private static final String DONE = "UPDATE outbound_mail SET outcome = ? WHERE account_id = ? AND id = ?";

    private static final String AGAIN = """
            UPDATE outbound_mail SET failures = failures + 1, due_at = now() + (failures + 1) * interval '1 minute' * 3
            WHERE account_id = ? AND id = ?
            """;

    private record Due(UUID accountId, UUID id, String subject, String body, long failures) {}

    private final Transactions transactions;
    private final Postbox postbox;
    private final MailSettings settings;
    private final MeterRegistry metrics;

    @Inject
    public MailRound(Transactions transactions, Postbox postbox, MailSettings settings, MeterRegistry metrics) {
        this.transactions = transactions;
        this.postbox = postbox;
        this.settings = settings;
        this.metrics = metrics;
    }

    /** Sends what is due. */
    public void sendAll() {
        List<Due> due = transactions
                .ofPortal()
                .call(transaction -> transaction.list(
                        DUE,
                        row -> new Due(
                                row.id("account_id"),
                                row.id("mail_id"),
                                row.text("subject"),
                                row.text("body"),
                                row.number("failures")),
                        PAGE));
        due.forEach(this::send);
    }

    private void send(Due due) {
        List<String> admins = transactions
                .inAccount(due.accountId())
                .glance(transaction -> transaction.list(ADMINS, row -> row.text("email"), due.accountId()));
        if (admins.isEmpty() || settings.from().isEmpty()) {
            LOG.warnf(
                    "account %s is to know, and %s: %s",
                    due.accountId(),
                    admins.isEmpty()
                            ? "none of its admins has an address"
                            : "there is no mail server (SLUICE_MAIL_SERVER)",
                    due.subject());
            done(due, "nobody");
            return;
        }
        try {
            postbox.send(admins.stream()
                    .map(admin -> Mail.withText(admin, due.subject(), due.body()))
                    .toArray(Mail[]::new));
            done(due, "sent");
        } catch (MailException e) {
            LOG.warnf("mail %s was not sent: %s", due.id(), e.getMessage());
            LOG.debugf(e, "mail %s", due.id());
            if (due.failures() + 1 >= MOST_FAILURES) {
                done(due, "failed");
            } else {
                transactions
                        .inAccount(due.accountId())
                        .run(transaction -> transaction.update(AGAIN, due.accountId(), due.id()));
            }
        }
    }

    private void done(Due due, String outcome) {
        metrics.counter("sluice.mails", "outcome", outcome).increment();
        transactions
                .inAccount(due.accountId())
                .run(transaction -> transaction.update(DONE, outcome, due.accountId(), due.id()));
    }
}
