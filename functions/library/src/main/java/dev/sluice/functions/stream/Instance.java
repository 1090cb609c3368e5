package dev.sluice.functions.stream;

import dev.sluice.channel.SluiceExtra;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Reserved;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * This running portal, as the database knows it: its channels count as long as it is seen. A dead one's rows stay until
 * another instance clears them.
 */
@ApplicationScoped
public class Instance {
    private static final Logger LOG = Logger.getLogger(Instance.class);

    /** Another epoch begins by that, with the look at it. */
    private static final String MOVED =
            "SELECT (SELECT history FROM portal_epoch) IS DISTINCT FROM server_history() AS moved";

    private final UUID id = Ids.next();
    private final Transactions transactions;
    private final StreamSettings settings;
    private volatile Reading reading = Reading.none();

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
        transactions.ofPortal().run(transaction -> {
            boolean moved = transaction.one(MOVED, row -> row.flag("moved"));
            reading = Reading.of(transaction);
            if (moved) {
                LOG.warn("The database has another history than when it was seen last: after a fail-over that is as it"
                        + " should be. If it was restored from a backup, run ./sluice portal restored: it has forgotten"
                        + " what was decided since, and who was removed.");
            }
            transaction.update(
                    "INSERT INTO instance (id) VALUES (?) ON CONFLICT (id) DO UPDATE SET seen_at = now()", id);
            ChannelRows.clearDead(transaction, settings.unheard());
        });
    }

    /** Stamps what is said now: with the database's clock as of the last beat, and what has passed since. */
    SluiceExtra stamp(SluiceExtra extra, long sequence) {
        return reading.on(extra, sequence);
    }

    /** Says that this instance and its channels are gone. */
    void leave() {
        transactions.ofPortal().run(transaction -> ChannelRows.clearInstance(transaction, id, settings.unheard()));
    }
}
