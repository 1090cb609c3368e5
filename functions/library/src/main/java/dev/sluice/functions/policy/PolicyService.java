package dev.sluice.functions.policy;

import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.entity.Narrowing;
import dev.sluice.functions.entity.Page;
import dev.sluice.functions.entity.PageRequest;
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
import org.jspecify.annotations.Nullable;

/** Creates, changes and finds policies. What a change ends, the database ends with it. */
@ApplicationScoped
public class PolicyService {
    private static final String SELECT = """
            SELECT id, group_id, resource_id, description, conditions, disabled_at IS NULL AS enabled
            FROM policy WHERE account_id = ?
            """;

    private final Transactions transactions;
    private final Policies policies;

    @Inject
    public PolicyService(Transactions transactions, Policies policies) {
        this.transactions = transactions;
        this.policies = policies;
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

    /**
     * A page of policies.
     *
     * @param groupId null for all
     * @param resourceId null for all
     */
    public Page<PolicyView> page(
            UUID accountId, PageRequest request, @Nullable UUID groupId, @Nullable UUID resourceId) {
        var narrowing = Narrowing.NONE.with("groupId", groupId).with("resourceId", resourceId);
        return transactions.call(
                transaction -> policies.page(accountId, request, narrowing).map(PolicyService::view));
    }

    /** @throws RequestException when there is none */
    public PolicyView get(UUID accountId, UUID id) {
        return transactions.call(transaction -> view(policies.get(accountId, id)));
    }

    /** @throws RequestException when something is missing, the group has a policy for the resource, or is not there */
    public PolicyView create(Transaction transaction, UUID accountId, PolicyWanted wanted) {
        if (wanted.actorGroupId() == null) {
            throw RequestException.argument("actor_group_id", "A new policy needs a group.");
        }
        if (wanted.resourceId() == null) {
            throw RequestException.argument("resource_id", "A new policy needs a resource.");
        }
        var policy = new PolicyEntity(accountId, wanted.actorGroupId(), wanted.resourceId());
        become(transaction, policy, wanted);
        return view(create(transaction, policy));
    }

    /** @throws RequestException when the group has a policy for the resource already, or one of them does not exist */
    public PolicyView create(
            Transaction transaction, UUID accountId, UUID groupId, UUID resourceId, List<Condition> conditions) {
        var policy = new PolicyEntity(accountId, groupId, resourceId);
        policy.require(conditions.stream().map(Condition::normalized).toList());
        return view(create(transaction, policy));
    }

    private PolicyEntity create(Transaction transaction, PolicyEntity policy) {
        require(transaction, "actor_group", "actor_group_id", policy.accountId(), policy.groupId());
        require(transaction, "resource", "resource_id", policy.accountId(), policy.resourceId());
        if (policies.count(
                        "accountId = ?1 and groupId = ?2 and resourceId = ?3",
                        policy.accountId(),
                        policy.groupId(),
                        policy.resourceId())
                > 0) {
            throw RequestException.conflict("The group has a policy for this resource already.");
        }
        return policies.added(policy);
    }

    /**
     * Changes a policy. What it does not allow any more, and no other allows, ends.
     *
     * @throws RequestException when there is none of this version, or it cannot become so
     */
    public PolicyView change(UUID accountId, UUID id, PolicyWanted wanted, Expected expected) {
        return transactions.call(transaction -> {
            Turns.take(transaction, accountId);
            var policy = policies.take(accountId, id, expected);
            if (wanted.actorGroupId() != null && !wanted.actorGroupId().equals(policy.groupId())
                    || wanted.resourceId() != null && !wanted.resourceId().equals(policy.resourceId())) {
                throw RequestException.argument(
                        wanted.actorGroupId() == null ? "resource_id" : "actor_group_id",
                        "A policy keeps its group and its resource: create another.");
            }
            boolean allowed = policy.disabledAt() == null;
            var before = policy.conditions();
            become(transaction, policy, wanted);
            if (allowed && (policy.disabledAt() != null || !before.equals(policy.conditions()))) {
                Handover.ofPolicy(transaction, accountId, id);
            }
            policies.flush();
            return view(policy);
        });
    }

    /**
     * Deletes a policy. What no other allows ends.
     *
     * @throws RequestException when there is none of this version
     */
    public PolicyView delete(UUID accountId, UUID id, Expected expected) {
        return transactions.call(transaction -> {
            Turns.take(transaction, accountId);
            var policy = policies.take(accountId, id, expected);
            Handover.ofPolicy(transaction, accountId, id);
            policies.delete(policy);
            policies.flush();
            return view(policy);
        });
    }

    private static void become(Transaction transaction, PolicyEntity policy, PolicyWanted wanted) {
        if (wanted.description() != null) {
            policy.describe(wanted.description());
        }
        if (wanted.conditions() != null) {
            policy.require(wanted.conditions().stream()
                    .map(PolicyWanted.Demand::condition)
                    .toList());
        }
        if (wanted.disabled() != null && wanted.disabled() != (policy.disabledAt() != null)) {
            if (wanted.disabled()) {
                policy.disable(transaction.now());
            } else {
                policy.enable();
            }
        }
    }

    private static void require(Transaction transaction, String table, String field, UUID accountId, UUID id) {
        if (transaction
                .first("SELECT FROM " + table + " WHERE account_id = ? AND id = ?", row -> true, accountId, id)
                .isEmpty()) {
            throw RequestException.argument(field, "There is none of this id.");
        }
    }

    private static PolicyView view(PolicyEntity policy) {
        return new PolicyView(
                policy.id(),
                policy.groupId(),
                policy.resourceId(),
                policy.description(),
                policy.conditions(),
                policy.disabledAt(),
                policy.insertedAt(),
                policy.version());
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
