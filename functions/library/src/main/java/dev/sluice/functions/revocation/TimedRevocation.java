package dev.sluice.functions.revocation;

import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Locale;
import java.util.function.IntSupplier;

/**
 * Ends what time has ended: requests that no gateway confirmed, flows, and tokens with all that rests on them. Gateways
 * enforce the expiry by themselves and do not wait for this.
 */
@ApplicationScoped
public class TimedRevocation {
    private static final int BATCH = 1000;

    /**
     * The condition is held against each row again once it is locked: a decision may have refreshed it meanwhile. It never
     * waits for a lock, and can take the rows in the order of their index.
     */
    private static final String END = """
            WITH doomed AS (
                SELECT id FROM flow WHERE %s ORDER BY %s LIMIT ? FOR UPDATE SKIP LOCKED)
            DELETE FROM flow USING doomed WHERE flow.id = doomed.id
            """;

    static final String END_UNANSWERED = String.format(Locale.ROOT, END, "deadline <= now() AND NOT held", "deadline");
    static final String END_EXPIRED = String.format(Locale.ROOT, END, "expires_at <= now()", "expires_at");
    static final String OVER_TOKENS = "SELECT DISTINCT account_id FROM token WHERE expires_at <= now()";
    private static final String END_TOKENS = "DELETE FROM token WHERE account_id = ? AND expires_at <= now()";

    /** What the gateway confirmed before, it still holds, and so does the client: only the request has failed. */
    static final String FALL_BACK = """
            WITH unanswered AS (
                SELECT id FROM flow WHERE deadline <= now() AND held ORDER BY deadline LIMIT ? FOR UPDATE SKIP LOCKED)
            UPDATE flow SET state = 'authorized', deadline = NULL, ref = NULL, held = false, updated_at = now()
            FROM unanswered WHERE flow.id = unanswered.id
            """;

    private final Transactions transactions;

    @Inject
    public TimedRevocation(Transactions transactions) {
        this.transactions = transactions;
    }

    /** Fails requests whose gateway did not answer in time, and says how many of them it ended. */
    public int sweepPending() {
        batches(() -> transactions.call(transaction -> transaction.update(FALL_BACK, BATCH)));
        return end("gateway_offline", END_UNANSWERED);
    }

    /** Ends flows whose time is over, and says how many. */
    public int sweepExpired() {
        return end("expired", END_EXPIRED);
    }

    /** Deletes tokens whose time is over, and says how many. */
    public int sweepTokens() {
        int all = 0;
        for (var accountId :
                transactions.call(transaction -> transaction.list(OVER_TOKENS, row -> row.id("account_id")))) {
            all += transactions.call(transaction -> {
                Turns.take(transaction, accountId);
                return transaction.update(END_TOKENS, accountId);
            });
        }
        return all;
    }

    private int end(String cause, String sql) {
        return batches(() -> transactions.call(transaction -> {
            transaction.list("SELECT set_config('sluice.cause', ?, true)", row -> true, cause);
            return transaction.update(sql, BATCH);
        }));
    }

    private static int batches(IntSupplier batch) {
        int all = 0;
        int done;
        do {
            done = batch.getAsInt();
            all += done;
        } while (done == BATCH);
        return all;
    }
}
