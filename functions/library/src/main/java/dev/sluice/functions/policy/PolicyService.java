package dev.sluice.functions.policy;

import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.entity.Narrowing;
import dev.sluice.functions.entity.Page;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.plan.Feature;
import dev.sluice.functions.plan.Plans;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import dev.sluice.functions.sql.TypedArray;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Creates, changes and finds policies. What a change ends, the database ends with it. */
@ApplicationScoped
public class PolicyService {
    /** What the two ends of a policy are called. */
    private record Named(UUID policyId, String group, String resource) {
        static final Named NOTHING = new Named(new UUID(0, 0), "", "");

        static Named read(Row row) {
            return new Named(row.id("id"), row.text("group_name"), row.text("resource_name"));
        }
    }

    private static final String NAMES = """
            SELECT p.id, g.name AS group_name, r.name AS resource_name
            FROM policy p
            JOIN actor_group g ON g.account_id = p.account_id AND g.id = p.group_id
            JOIN resource r ON r.account_id = p.account_id AND r.id = p.resource_id
            WHERE p.account_id = ? AND p.id = ANY (?)
            """;

    private final Transactions transactions;
    private final Policies policies;
    private final PolicyTestRuns tests;

    @Inject
    public PolicyService(Transactions transactions, Policies policies, PolicyTestRuns tests) {
        this.transactions = transactions;
        this.policies = policies;
        this.tests = tests;
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
        return transactions.inAccount(accountId).search(transaction -> {
            var page = policies.page(accountId, request, narrowing);
            var named = named(transaction, accountId, page.rows());
            return page.map(policy -> view(policy, named));
        });
    }

    /** @throws RequestException when there is none */
    public PolicyView get(UUID accountId, UUID id) {
        return transactions.inAccount(accountId).call(transaction -> view(transaction, policies.get(accountId, id)));
    }

    /** @throws RequestException when something is missing, the group has a policy for the resource, or is not there */
    public PolicyView create(Transaction transaction, UUID accountId, PolicyWanted wanted) {
        return tests.keeping(transaction, accountId, () -> make(transaction, accountId, wanted));
    }

    private PolicyView make(Transaction transaction, UUID accountId, PolicyWanted wanted) {
        if (wanted.actorGroupId() == null) {
            throw RequestException.argument("actor_group_id", "A new policy needs a group.");
        }
        if (wanted.resourceId() == null) {
            throw RequestException.argument("resource_id", "A new policy needs a resource.");
        }
        var policy = new PolicyEntity(accountId, wanted.actorGroupId(), wanted.resourceId());
        become(transaction, policy, wanted);
        return view(transaction, create(transaction, policy));
    }

    /** @throws RequestException when the group has a policy for the resource already, or one of them does not exist */
    public PolicyView create(
            Transaction transaction, UUID accountId, UUID groupId, UUID resourceId, List<Condition> conditions) {
        var policy = new PolicyEntity(accountId, groupId, resourceId);
        policy.require(conditions.stream().map(Condition::normalized).toList());
        return view(transaction, create(transaction, policy));
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
     * @throws RequestException when there is none of this version, it cannot become so, or a policy test is in the way
     */
    public PolicyView change(UUID accountId, UUID id, PolicyWanted wanted, Expected expected) {
        return transactions.inAccount(accountId).call(transaction -> {
            Turns.take(transaction, accountId);
            return tests.keeping(transaction, accountId, () -> change(transaction, accountId, id, wanted, expected));
        });
    }

    private PolicyView change(
            Transaction transaction, UUID accountId, UUID id, PolicyWanted wanted, Expected expected) {
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
        return view(transaction, policy);
    }

    /**
     * Deletes a policy. What no other allows ends.
     *
     * @throws RequestException when there is none of this version, or a policy test is in the way
     */
    public PolicyView delete(UUID accountId, UUID id, Expected expected) {
        return transactions.inAccount(accountId).call(transaction -> {
            Turns.take(transaction, accountId);
            return tests.keeping(transaction, accountId, () -> delete(transaction, accountId, id, expected));
        });
    }

    private PolicyView delete(Transaction transaction, UUID accountId, UUID id, Expected expected) {
        var policy = policies.take(accountId, id, expected);
        Handover.ofPolicy(transaction, accountId, id);
        var deleted = view(transaction, policy);
        policies.delete(policy);
        policies.flush();
        return deleted;
    }

    /**
     * Makes all changes of a proposal, whatever policy tests say of it.
     *
     * @throws RequestException when one of them cannot be made
     */
    public void carryOut(Transaction transaction, UUID accountId, PolicyProposal proposal) {
        Turns.take(transaction, accountId);
        for (var id : Objects.requireNonNullElse(proposal.delete(), List.<UUID>of())) {
            require(transaction, "policy", "delete", accountId, id);
            delete(transaction, accountId, id, Expected.ANY);
        }
        for (var change : Objects.requireNonNullElse(proposal.change(), List.<PolicyProposal.Change>of())) {
            require(transaction, "policy", "change", accountId, change.id());
            change(transaction, accountId, change.id(), change.policy(), Expected.ANY);
        }
        for (var wanted : Objects.requireNonNullElse(proposal.create(), List.<PolicyWanted>of())) {
            make(transaction, accountId, wanted);
        }
    }

    private static void become(Transaction transaction, PolicyEntity policy, PolicyWanted wanted) {
        if (wanted.description() != null) {
            policy.describe(wanted.description());
        }
        if (wanted.conditions() != null) {
            if (!wanted.conditions().isEmpty()) {
                Plans.require(transaction, policy.accountId(), Feature.POLICY_CONDITIONS);
            }
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

    static void require(Transaction transaction, String table, String field, UUID accountId, UUID id) {
        if (transaction
                .first("SELECT FROM " + table + " WHERE account_id = ? AND id = ?", row -> true, accountId, id)
                .isEmpty()) {
            throw RequestException.argument(field, "There is none of this id.");
        }
    }

    private static PolicyView view(Transaction transaction, PolicyEntity policy) {
        return view(policy, named(transaction, policy.accountId(), List.of(policy)));
    }

    private static PolicyView view(PolicyEntity policy, Map<UUID, Named> named) {
        var names = named.getOrDefault(policy.id(), Named.NOTHING);
        return new PolicyView(
                policy.id(),
                policy.groupId(),
                names.group(),
                policy.resourceId(),
                names.resource(),
                policy.description(),
                policy.conditions(),
                policy.conditions().stream()
                        .map(Condition::caution)
                        .flatMap(Optional::stream)
                        .toList(),
                policy.disabledAt(),
                policy.insertedAt(),
                policy.version());
    }

    private static Map<UUID, Named> named(Transaction transaction, UUID accountId, List<PolicyEntity> policies) {
        var ids = TypedArray.ofIds(policies.stream().map(PolicyEntity::id).toList());
        return transaction.list(NAMES, Named::read, accountId, ids).stream()
                .collect(Collectors.toMap(Named::policyId, Function.identity()));
    }
}
