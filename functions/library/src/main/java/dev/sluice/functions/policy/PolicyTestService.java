package dev.sluice.functions.policy;

import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.entity.Narrowing;
import dev.sluice.functions.entity.Page;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.TypedArray;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Creates, changes, finds and runs policy tests. */
@ApplicationScoped
public class PolicyTestService {
    /** What the two parties of a test are called. */
    private record Named(UUID testId, String actor, String resource) {
        static Named read(Row row) {
            return new Named(row.id("id"), row.text("actor"), row.text("resource"));
        }
    }

    private static final String NAMES = """
            SELECT t.id, a.name AS actor, r.name AS resource
            FROM policy_test t
            JOIN actor a ON a.account_id = t.account_id AND a.id = t.actor_id
            JOIN resource r ON r.account_id = t.account_id AND r.id = t.resource_id
            WHERE t.account_id = ? AND t.id = ANY (?)
            """;

    private final Transactions transactions;
    private final PolicyTests tests;
    private final PolicyTestRuns runs;
    private final PolicyService policies;

    @Inject
    PolicyTestService(Transactions transactions, PolicyTests tests, PolicyTestRuns runs, PolicyService policies) {
        this.transactions = transactions;
        this.tests = tests;
        this.runs = runs;
        this.policies = policies;
    }

    /**
     * A page of policy tests.
     *
     * @param called the whole name; null for all
     */
    public Page<PolicyTestView> page(UUID accountId, PageRequest request, @Nullable String called) {
        return transactions.inAccount(accountId).search(transaction -> {
            var page = tests.page(accountId, request, Narrowing.NONE.called(called, "name"));
            var named = named(transaction, accountId, page.rows());
            return page.map(test -> view(test, named));
        });
    }

    /** @throws RequestException when there is none */
    public PolicyTestView get(UUID accountId, UUID id) {
        return transactions.inAccount(accountId).call(transaction -> view(transaction, tests.get(accountId, id)));
    }

    /** @throws RequestException when something is missing, the name is taken, or an actor or a resource is not there */
    public PolicyTestView create(Transaction transaction, UUID accountId, PolicyTestWanted wanted) {
        UUID actor = needed("actor_id", wanted.actorId());
        UUID resource = needed("resource_id", wanted.resourceId());
        needed("can_reach", wanted.canReach());
        requireFree(accountId, needed("name", wanted.name()));
        PolicyService.require(transaction, "actor", "actor_id", accountId, actor);
        PolicyService.require(transaction, "resource", "resource_id", accountId, resource);
        var test = new PolicyTestEntity(accountId, actor, resource);
        test.become(wanted);
        return view(transaction, tests.added(test));
    }

    /** @throws RequestException when there is none of this version, or the name is taken */
    public PolicyTestView change(UUID accountId, UUID id, PolicyTestWanted wanted, Expected expected) {
        return transactions
                .inAccount(accountId)
                .call(transaction -> change(transaction, accountId, id, wanted, expected));
    }

    /** As {@link #change(UUID, UUID, PolicyTestWanted, Expected)}, as part of another transaction. */
    public PolicyTestView change(
            Transaction transaction, UUID accountId, UUID id, PolicyTestWanted wanted, Expected expected) {
        var test = tests.take(accountId, id, expected);
        if (wanted.actorId() != null && !wanted.actorId().equals(test.actorId())
                || wanted.resourceId() != null && !wanted.resourceId().equals(test.resourceId())) {
            throw RequestException.argument(
                    wanted.actorId() == null ? "resource_id" : "actor_id",
                    "A policy test keeps its actor and its resource: create another.");
        }
        if (wanted.name() != null && !wanted.name().equals(test.name())) {
            requireFree(accountId, wanted.name());
        }
        test.become(wanted);
        tests.flush();
        return view(transaction, test);
    }

    /** @throws RequestException when there is none of this version */
    public PolicyTestView delete(UUID accountId, UUID id, Expected expected) {
        return transactions.inAccount(accountId).call(transaction -> delete(transaction, accountId, id, expected));
    }

    /** As {@link #delete(UUID, UUID, Expected)}, as part of another transaction. */
    public PolicyTestView delete(Transaction transaction, UUID accountId, UUID id, Expected expected) {
        var test = tests.take(accountId, id, expected);
        var deleted = view(transaction, test);
        tests.delete(test);
        tests.flush();
        return deleted;
    }

    /** What becomes of each test now. */
    public List<PolicyTestRuns.Outcome> run(UUID accountId) {
        return transactions.inAccount(accountId).read(transaction -> runs.run(transaction, accountId));
    }

    /**
     * What would become of each test, if these were the policies: carried out and taken back.
     *
     * @throws RequestException when it could not be carried out
     */
    public List<PolicyTestRuns.Outcome> run(UUID accountId, PolicyProposal proposal) {
        return transactions.inAccount(accountId).attempt(transaction -> {
            policies.carryOut(transaction, accountId, proposal);
            return runs.run(transaction, accountId);
        });
    }

    private static <T> T needed(String field, @Nullable T value) {
        if (value == null) {
            throw RequestException.argument(field, "A new policy test needs '" + field + "'.");
        }
        return value;
    }

    private void requireFree(UUID accountId, String name) {
        if (tests.count("accountId = ?1 and name = ?2", accountId, name) > 0) {
            throw RequestException.argument("name", "There is a policy test '" + name + "' already.");
        }
    }

    private static PolicyTestView view(Transaction transaction, PolicyTestEntity test) {
        return view(test, named(transaction, test.accountId(), List.of(test)));
    }

    private static PolicyTestView view(PolicyTestEntity test, Map<UUID, Named> named) {
        var names = named.get(test.id());
        return new PolicyTestView(
                test.id(),
                test.name(),
                test.actorId(),
                names == null ? "" : names.actor(),
                test.resourceId(),
                names == null ? "" : names.resource(),
                test.canReach(),
                test.at(),
                test.remoteIp(),
                test.region(),
                test.verified(),
                test.insertedAt(),
                test.version());
    }

    private static Map<UUID, Named> named(Transaction transaction, UUID accountId, List<PolicyTestEntity> tests) {
        var ids = TypedArray.ofIds(tests.stream().map(PolicyTestEntity::id).toList());
        return transaction.list(NAMES, Named::read, accountId, ids).stream()
                .collect(Collectors.toMap(Named::testId, Function.identity()));
    }
}
