package dev.sluice.functions.revocation;

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

    private static final String END_TOKENS = "DELETE FROM token WHERE account_id = ? AND expires_at <= now()";

    private final Transactions transactions;

    @Inject
    public TimedRevocation(Transactions transactions) {
        this.transactions = transactions;
    }

    /** Fails requests whose gateway did not answer in time, and says how many of them it ended. */
    public int sweepPending() {
        record Swept(long looked, long ended) {}
        int all = 0;
        Swept swept;
        do {
            swept = transactions
                    .ofPortal()
                    .call(transaction -> transaction.one(
                            "SELECT looked, ended FROM end_unanswered(?)",
                            row -> new Swept(row.number("looked"), row.number("ended")),
                            BATCH));
            all += (int) swept.ended();
        } while (swept.looked() == BATCH);
        return all;
    }

    /** Ends flows whose time is over, and says how many. */
    public int sweepExpired() {
        int all = 0;
        long ended;
        do {
            ended = transactions
                    .ofPortal()
                    .call(transaction ->
                            transaction.one("SELECT end_expired(?) AS ended", row -> row.number("ended"), BATCH));
            all += (int) ended;
        } while (ended == BATCH);
        return all;
    }

    /** In what time the next flow ends, if one does in less than this; none or less if one could not be ended yet. */
    public Optional<Duration> untilNextExpiry(Duration within) {
        return transactions
                .ofPortal()
                .glance(transaction -> transaction
                        .one(
                                "SELECT next_expiry(?) AS millis",
                                row -> Optional.ofNullable(row.optionalNumber("millis")),
                                within.toMillis())
                        .map(Duration::ofMillis));
    }

    /** Deletes tokens whose time is over, and says how many. */
    public int sweepTokens() {
        int all = 0;
        for (var accountId : transactions
                .ofPortal()
                .call(transaction -> transaction.list(
                        "SELECT account_id FROM accounts_with_expired_tokens() AS account_id",
                        row -> row.id("account_id")))) {
            all += transactions.inAccount(accountId).call(transaction -> {
                Turns.take(transaction, accountId);
                return transaction.update(END_TOKENS, accountId);
            });
        }
        return all;
    }
}
