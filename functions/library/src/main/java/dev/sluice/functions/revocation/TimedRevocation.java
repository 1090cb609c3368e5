package dev.sluice.functions.revocation;

import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;

/**
 * Ends what time has ended: requests that no gateway confirmed, flows, and tokens with all that rests on them. Gateways
 * enforce the expiry by themselves and do not wait for this.
 */
@ApplicationScoped
public class TimedRevocation {
    private static final int BATCH = 1000;

    /**
     * Requests to look at, with their flows locked; each is taken once, since a newer ask of the flow has one of its own. It
     * never waits: one whose flow somebody holds is looked at later.
     */
    private static final String TAKE_DUE = """
            WITH due AS MATERIALIZED (
                SELECT ctid, flow_id FROM flow_deadline WHERE at <= now() LIMIT ? FOR UPDATE SKIP LOCKED
            ), free AS MATERIALIZED (
                SELECT id FROM flow WHERE id IN (SELECT flow_id FROM due) FOR UPDATE SKIP LOCKED)
            DELETE FROM flow_deadline USING due
            WHERE flow_deadline.ctid = due.ctid
              AND (due.flow_id IN (SELECT id FROM free) OR NOT EXISTS (SELECT FROM flow WHERE id = due.flow_id))
            RETURNING due.flow_id
            """;

    /** What the gateway confirmed before, it still holds, and so does the client: only the request has failed. */
    private static final String FALL_BACK = """
            WITH unanswered AS (
                SELECT id FROM flow WHERE id = ANY (?) AND deadline <= now() AND held ORDER BY id FOR UPDATE)
            UPDATE flow SET state = 'authorized', deadline = NULL, ref = NULL, held = false, updated_at = now()
            FROM unanswered WHERE flow.id = unanswered.id
            """;

    /** The condition is held against each row again once it is locked: a decision may have refreshed it meanwhile. */
    private static final String END_UNANSWERED = """
            WITH doomed AS (
                SELECT id FROM flow WHERE id = ANY (?) AND deadline <= now() AND NOT held ORDER BY id FOR UPDATE)
            DELETE FROM flow USING doomed WHERE flow.id = doomed.id
            """;

    /** Never waits for a lock, and so can take the rows in the order of their index. */
    static final String END_EXPIRED = """
            WITH doomed AS (
                SELECT id FROM flow WHERE expires_at <= now() ORDER BY expires_at LIMIT ? FOR UPDATE SKIP LOCKED)
            DELETE FROM flow USING doomed WHERE flow.id = doomed.id
            """;

    /** Rounded up: who comes at that time does not come too early. */
    static final String NEXT = """
            SELECT ceil(extract(epoch FROM expires_at - clock_timestamp()) * 1000)::bigint AS millis
            FROM flow WHERE expires_at <= now() + ? * interval '1 millisecond' ORDER BY expires_at LIMIT 1
            """;

    static final String OVER_TOKENS = "SELECT DISTINCT account_id FROM token WHERE expires_at <= now()";
    private static final String END_TOKENS = "DELETE FROM token WHERE account_id = ? AND expires_at <= now()";

    private final Transactions transactions;

    @Inject
    public TimedRevocation(Transactions transactions) {
        this.transactions = transactions;
    }

    /** Fails requests whose gateway did not answer in time, and says how many of them it ended. */
    public int sweepPending() {
        int all = 0;
        int looked;
        do {
            record Swept(int looked, int ended) {}
            var swept = transactions.call(transaction -> {
                var ids = transaction.list(TAKE_DUE, row -> row.id("flow_id"), BATCH);
                if (ids.isEmpty()) {
                    return new Swept(0, 0);
                }
                transaction.update(FALL_BACK, ids);
                because(transaction, "gateway_offline");
                return new Swept(ids.size(), transaction.update(END_UNANSWERED, ids));
            });
            looked = swept.looked();
            all += swept.ended();
        } while (looked == BATCH);
        return all;
    }

    /** Ends flows whose time is over, and says how many. */
    public int sweepExpired() {
        int all = 0;
        int ended;
        do {
            ended = transactions.call(transaction -> {
                because(transaction, "expired");
                return transaction.update(END_EXPIRED, BATCH);
            });
            all += ended;
        } while (ended == BATCH);
        return all;
    }

    /** In what time the next flow ends, if one does in less than this; none or less if one could not be ended yet. */
    public Optional<Duration> untilNextExpiry(Duration within) {
        return transactions
                .glance(transaction ->
                        transaction.list(NEXT, row -> Duration.ofMillis(row.number("millis")), within.toMillis()))
                .stream()
                .findFirst();
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

    private static void because(Transaction transaction, String cause) {
        transaction.list("SELECT set_config('sluice.cause', ?, true)", row -> true, cause);
    }
}
