package dev.sluice.functions.stream;

import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Tells those who serve channels what was signalled here, where nobody does: in functions. */
@ApplicationScoped
public class Bell {
    private final Wake wake;
    private final Instance instance;
    private final Transactions transactions;

    @Inject
    public Bell(Wake wake, Instance instance, Transactions transactions) {
        this.wake = wake;
        this.instance = instance;
        this.transactions = transactions;
    }

    /** Before what was called for ends, since nothing runs on after it. */
    public void ring() {
        if (wake.takeAll()) {
            transactions.ofPortal().run(transaction -> WakeCalls.tellOthers(transaction, instance.id()));
        }
    }
}
