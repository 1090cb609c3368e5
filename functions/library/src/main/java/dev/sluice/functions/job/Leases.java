package dev.sluice.functions.job;

import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;

/** Which instance runs a job: the one that holds its row, until it stops renewing it. */
@ApplicationScoped
public class Leases {
    private final Transactions transactions;
    private final UUID holder = Ids.next();

    @Inject
    public Leases(Transactions transactions) {
        this.transactions = transactions;
    }

    /** As who this instance holds them. */
    public UUID holder() {
        return holder;
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
                        """, name, holder) == 1);
    }

    /** Lets another instance take the lease at once. */
    void release(String name) {
        transactions
                .ofPortal()
                .run(transaction -> transaction.update(
                        "UPDATE lease SET expires_at = now() WHERE name = ? AND holder = ?", name, holder));
    }
}
