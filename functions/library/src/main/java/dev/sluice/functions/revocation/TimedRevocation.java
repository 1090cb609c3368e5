package dev.sluice.functions.revocation;

import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/**
 * Ends what time has ended: requests that no gateway confirmed, flows, and tokens with all that rests on them. Gateways
 * enforce the expiry by themselves and do not wait for this.
 */
@ApplicationScoped
public class TimedRevocation {
    private static final int BATCH = 1000;

    /** The condition is held against each row again once it is locked: a decision may have refreshed it meanwhile. */
    private static final String END = """
            WITH doomed AS (SELECT id FROM flow WHERE %s <= clock_timestamp() ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED)
            DELETE FROM flow USING doomed WHERE flow.id = doomed.id
            """;

    private final Transactions transactions;

    @Inject
    public TimedRevocation(Transactions transactions) {
        this.transactions = transactions;
    }

    /** Fails requests whose gateway did not answer in time, and says how many. */
    public int sweepPending() {
        return end("gateway_offline", END.formatted("deadline"));
    }

    /** Ends flows whose time is over, and says how many. */
    public int sweepExpired() {
        return end("expired", END.formatted("expires_at"));
    }

    /** Deletes tokens whose time is over, and says how many. */
    public int sweepTokens() {
        return transactions.call(
                transaction -> transaction.update("DELETE FROM token WHERE expires_at <= clock_timestamp()"));
    }

    private int end(String cause, String sql) {
        int all = 0;
        int ended;
        do {
            ended = transactions.call(transaction -> {
                transaction.list("SELECT set_config('sluice.cause', ?, true)", row -> true, cause);
                return transaction.update(sql, BATCH);
            });
            all += ended;
        } while (ended == BATCH);
        return all;
    }
}
