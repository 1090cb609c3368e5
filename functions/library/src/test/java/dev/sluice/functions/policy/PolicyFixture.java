package dev.sluice.functions.policy;

import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import java.util.UUID;

/** What {@link PolicyService} does to a policy, where there is no container for its entities. */
public final class PolicyFixture {
    private final Transactions transactions;

    public PolicyFixture(Transactions transactions) {
        this.transactions = transactions;
    }

    public void enable(UUID accountId, UUID policyId) {
        transactions
                .inAccount(accountId)
                .run(transaction -> transaction.update(
                        "UPDATE policy SET disabled_at = NULL WHERE account_id = ? AND id = ?", accountId, policyId));
    }

    public void disable(UUID accountId, UUID policyId) {
        end("UPDATE policy SET disabled_at = now() WHERE account_id = ? AND id = ?", accountId, policyId);
    }

    public void delete(UUID accountId, UUID policyId) {
        end("DELETE FROM policy WHERE account_id = ? AND id = ?", accountId, policyId);
    }

    private void end(String sql, UUID accountId, UUID policyId) {
        transactions.inAccount(accountId).run(transaction -> {
            Turns.take(transaction, accountId);
            Handover.ofPolicy(transaction, accountId, policyId);
            transaction.update(sql, accountId, policyId);
        });
    }
}
