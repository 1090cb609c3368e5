package dev.sluice.functions.revocation;

import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.stream.Instance;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Which instance runs a job: the one that holds its row, until it stops renewing it. */
@ApplicationScoped
public class Leases {
    private final Transactions transactions;
    private final Instance instance;

    @Inject
    public Leases(Transactions transactions, Instance instance) {
        this.transactions = transactions;
        this.instance = instance;
    }

    /** Takes or renews the lease for 10 s, and says whether this instance holds it. */
    public boolean hold(String name) {
        return transactions.ofPortal().call(transaction -> transaction.update("""
                        INSERT INTO lease (name, holder, fence, expires_at)
                        VALUES (?, ?, 1, now() + interval '10 seconds')
                        ON CONFLICT (name) DO UPDATE SET
                            fence = lease.fence + CASE WHEN lease.holder = excluded.holder THEN 0 ELSE 1 END,
                            holder = excluded.holder, expires_at = excluded.expires_at
                        WHERE lease.holder = excluded.holder OR lease.expires_at <= now()
                        """, name, instance.id()) == 1);
    }

    /** Lets another instance take the lease at once. */
    void release(String name) {
        transactions
                .ofPortal()
                .run(transaction -> transaction.update(
                        "UPDATE lease SET expires_at = now() WHERE name = ? AND holder = ?", name, instance.id()));
    }
}
