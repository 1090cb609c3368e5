package dev.sluice.functions.revocation;

import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** What has to be done after a backup was restored: nothing passes then without a new decision. */
@ApplicationScoped
public class RestoreService {
    /**
     * What that came to.
     *
     * @param flows so many ended
     * @param tokens so many clients' tokens were revoked
     * @param generation decisions go on above it
     * @param epoch that begins: devices forget which decisions were newer, and ask for all that holds
     */
    public record Restored(long flows, long tokens, long generation, long epoch) {}

    private final Transactions transactions;

    @Inject
    public RestoreService(Transactions transactions) {
        this.transactions = transactions;
    }

    /** @param keepTokens whether clients stay signed in by the tokens that the backup has */
    public Restored restored(boolean keepTokens) {
        return transactions
                .ofPortal()
                .call(transaction -> transaction.one(
                        "SELECT flows, tokens, generation, epoch FROM restored(?)",
                        row -> new Restored(
                                row.number("flows"),
                                row.number("tokens"),
                                row.number("generation"),
                                row.number("epoch")),
                        keepTokens));
    }
}
