package dev.sluice.functions.policy;

import dev.sluice.functions.sql.DatabaseFailure;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Creates, changes and finds policies. What a change ends, the database ends with it. */
@ApplicationScoped
public class PolicyService {
    private static final String SELECT = """
            SELECT id, group_id, resource_id, description, conditions, disabled_at IS NULL AS enabled
            FROM policy WHERE account_id = ?
            """;

    private final Transactions transactions;

    @Inject
    public PolicyService(Transactions transactions) {
        this.transactions = transactions;
    }

    public List<Policy> list(UUID accountId) {
        return transactions.call(
                transaction -> transaction.list(SELECT + "ORDER BY inserted_at, id", PolicyService::read, accountId));
    }

    /** The policies for a resource, the oldest first. */
    public List<Policy> list(UUID accountId, UUID resourceId) {
        return transactions.call(transaction -> transaction.list(
                SELECT + "AND resource_id = ? ORDER BY inserted_at, id", PolicyService::read, accountId, resourceId));
    }

    /** Empty when there is none. */
    public Optional<Policy> look(UUID accountId, UUID policyId) {
        return transactions.call(
                transaction -> transaction.first(SELECT + "AND id = ?", PolicyService::read, accountId, policyId));
    }

    /** @throws RequestException when there is none */
    public Policy find(UUID accountId, UUID policyId) {
        return look(accountId, policyId).orElseThrow(() -> missing(policyId));
    }

    /** @throws RequestException when the group has a policy for the resource already, or one of them does not exist */
    public Policy create(UUID accountId, UUID groupId, UUID resourceId, List<Condition> conditions) {
        var id = Ids.next();
        try {
            transactions.run(transaction -> create(transaction, accountId, id, groupId, resourceId, conditions));
        } catch (DatabaseFailure e) {
            if (e.isDuplicate()) {
                throw RequestException.conflict("The group has a policy for this resource already.");
            }
            throw e;
        }
        return find(accountId, id);
    }

    /** As {@link #create(UUID, UUID, UUID, List)}, with a chosen id, as part of another transaction. */
    public void create(
            Transaction transaction,
            UUID accountId,
            UUID id,
            UUID groupId,
            UUID resourceId,
            List<Condition> conditions) {
        transaction.update(
                "INSERT INTO policy (id, account_id, group_id, resource_id, conditions) VALUES (?, ?, ?, ?, ?::jsonb)",
                id,
                accountId,
                groupId,
                resourceId,
                Condition.toJson(conditions.stream().map(Condition::normalized).toList()));
    }

    /** Lets the policy grant access again. A policy that is enabled stays so. */
    public void enable(UUID accountId, UUID policyId) {
        change("UPDATE policy SET disabled_at = NULL WHERE account_id = ? AND id = ?", accountId, policyId);
    }

    /** Ends all access by this policy that no other allows. A policy that is disabled stays so. */
    public void disable(UUID accountId, UUID policyId) {
        end(
                "UPDATE policy SET disabled_at = coalesce(disabled_at, now()) WHERE account_id = ? AND id = ?",
                accountId,
                policyId);
    }

    /** Ends all access by this policy that no other allows. */
    public void delete(UUID accountId, UUID policyId) {
        end("DELETE FROM policy WHERE account_id = ? AND id = ?", accountId, policyId);
    }

    private void change(String sql, UUID accountId, UUID policyId) {
        require(transactions.call(transaction -> transaction.update(sql, accountId, policyId)), policyId);
    }

    private void end(String sql, UUID accountId, UUID policyId) {
        int changed = transactions.call(transaction -> {
            Turns.take(transaction, accountId);
            Handover.ofPolicy(transaction, accountId, policyId);
            return transaction.update(sql, accountId, policyId);
        });
        require(changed, policyId);
    }

    private static void require(int changed, UUID policyId) {
        if (changed == 0) {
            throw missing(policyId);
        }
    }

    private static RequestException missing(UUID policyId) {
        return RequestException.notFound("There is no policy " + policyId + ".");
    }

    private static Policy read(Row row) {
        return new Policy(
                row.id("id"),
                row.id("group_id"),
                row.id("resource_id"),
                row.optionalText("description"),
                Condition.fromJson(row.text("conditions")),
                row.flag("enabled"));
    }
}
