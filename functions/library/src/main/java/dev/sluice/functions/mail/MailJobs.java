package dev.sluice.functions.mail;

import dev.sluice.functions.job.Leases;
import dev.sluice.functions.job.ScheduledJob;
import dev.sluice.functions.job.ScheduledJobs;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;

/** Has mails sent, and forgotten later, by one instance at a time. */
@ApplicationScoped
public class MailJobs implements ScheduledJobs {
    private static final String FORGET = "SELECT forget_mails()";

    private final Leases leases;
    private final Transactions transactions;
    private final MailRound round;

    @Inject
    public MailJobs(Leases leases, Transactions transactions, MailRound round) {
        this.leases = leases;
        this.transactions = transactions;
        this.round = round;
    }

    @Override
    public List<ScheduledJob> jobs() {
        return List.of(
                ScheduledJob.every(Duration.ofSeconds(5), "mails", this::send),
                ScheduledJob.every(Duration.ofHours(1), "mails-forgotten", this::forget));
    }

    void send() {
        if (leases.hold("mails")) {
            round.sendAll();
        }
    }

    void forget() {
        if (leases.hold("mails-forgotten")) {
            transactions.ofPortal().run(transaction -> transaction.list(FORGET, row -> true));
        }
    }
}
