package dev.sluice.functions.stream;

import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Reserved;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;

/**
 * This running portal, as the database knows it: its channels count as long as it is seen. A dead one's rows stay until
 * another instance clears them.
 */
@ApplicationScoped
public class Instance {
    private final UUID id = Ids.next();
    private final Transactions transactions;

    @Inject
    public Instance(@Reserved Transactions transactions) {
        this.transactions = transactions;
    }

    public UUID id() {
        return id;
    }

    /** Says that this instance lives, and clears what dead ones left. */
    void beat() {
        transactions.run(transaction -> {
            transaction.update(
                    "INSERT INTO instance (id) VALUES (?) ON CONFLICT (id) DO UPDATE SET seen_at = now()", id);
            ChannelRows.clearDead(transaction);
        });
    }

    /** Says that this instance and its channels are gone. */
    void leave() {
        transactions.run(transaction -> ChannelRows.clearInstance(transaction, id));
    }
}
