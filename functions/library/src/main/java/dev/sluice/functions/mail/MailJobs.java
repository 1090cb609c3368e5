package dev.sluice.functions.mail;

import dev.sluice.functions.revocation.Leases;
import dev.sluice.functions.sql.Transactions;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Has mails sent, and forgotten later, by one instance at a time. */
@ApplicationScoped
public class MailJobs {
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

    @Scheduled(every = "5s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void send() {
        if (leases.hold("mails")) {
            round.sendAll();
        }
    }

    @Scheduled(every = "1h", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void forget() {
        if (leases.hold("mails-forgotten")) {
            transactions.ofPortal().run(transaction -> transaction.list(FORGET, row -> true));
        }
    }
}
