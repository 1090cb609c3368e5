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
    private final StreamSettings settings;
    private volatile Reading reading = new Reading(System.currentTimeMillis(), System.nanoTime());

    /** What the database's clock showed, in milliseconds since 1970, and when that was on ours. */
    private record Reading(long millis, long at) {}

    @Inject
    public Instance(@Reserved Transactions transactions, StreamSettings settings) {
        this.transactions = transactions;
        this.settings = settings;
    }

    public UUID id() {
        return id;
    }

    /** Says that this instance lives, clears what dead ones left, and looks at the database's clock. */
    void beat() {
        transactions.run(transaction -> {
            var now = transaction.now();
            reading = new Reading(now.toEpochMilli(), System.nanoTime());
            transaction.update(
                    "INSERT INTO instance (id) VALUES (?) ON CONFLICT (id) DO UPDATE SET seen_at = now()", id);
            ChannelRows.clearDead(transaction, settings.unheard());
        });
    }

    /** The database's clock, in milliseconds since 1970: as of the last beat, and what has passed since. */
    long databaseMillis() {
        var last = reading;
        return last.millis() + (System.nanoTime() - last.at()) / 1_000_000;
    }

    /** Says that this instance and its channels are gone. */
    void leave() {
        transactions.run(transaction -> ChannelRows.clearInstance(transaction, id, settings.unheard()));
    }
}
