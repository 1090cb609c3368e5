package dev.sluice.functions.actor;

import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.entity.Listing;
import dev.sluice.functions.entity.Page;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.policy.PolicyTestRuns;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import dev.sluice.functions.sql.TypedArray;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;

/** Who is in a group. Whole sets at once: what a removal ends, the database ends with it. */
@ApplicationScoped
public class MembershipService {
    private static final String IS_MEMBER = """
            (g.type = 'everyone' AND a.type IN ('user', 'admin')
             OR EXISTS (SELECT FROM membership m
                        WHERE m.account_id = a.account_id AND m.group_id = g.id AND m.actor_id = a.id))
            """;

    private static final String UNKNOWN = """
            SELECT count(*) FROM unnest(?::uuid[]) AS wanted (id)
            WHERE NOT EXISTS (SELECT FROM actor a WHERE a.account_id = ? AND a.id = wanted.id)
            """;

    private static final String ADD = """
            INSERT INTO membership (account_id, group_id, actor_id) SELECT ?, ?, id FROM unnest(?::uuid[]) AS added (id)
            ON CONFLICT (account_id, actor_id, group_id) DO NOTHING
            """;

    private static final String REMOVE =
            "DELETE FROM membership WHERE account_id = ? AND group_id = ? AND actor_id = ANY (?::uuid[])";

    private static final String REMOVE_OTHERS =
            "DELETE FROM membership WHERE account_id = ? AND group_id = ? AND NOT actor_id = ANY (?::uuid[])";

    private final Transactions transactions;
    private final Groups groups;
    private final PolicyTestRuns tests;

    @Inject
    public MembershipService(Transactions transactions, Groups groups, PolicyTestRuns tests) {
        this.transactions = transactions;
        this.groups = groups;
        this.tests = tests;
    }

    /**
     * A page of a group's members.
     *
     * @throws RequestException when there is no such group
     */
    public Page<MemberView> page(UUID accountId, UUID groupId, PageRequest request) {
        return transactions.inAccount(accountId).search(transaction -> {
            groups.get(accountId, groupId);
            return new Listing(
                            "a.id, a.name, a.type, a.version",
                            "actor a JOIN actor_group g ON g.account_id = a.account_id",
                            "a.id")
                    .where("a.account_id = ?", accountId)
                    .where("g.id = ?", groupId)
                    .where(IS_MEMBER)
                    .page(transaction, request, MembershipService::view, MemberView::id);
        });
    }

    /**
     * Has these be in the group, and nobody else.
     *
     * @throws RequestException when there is no such group or actor, or it is the group of everyone
     */
    public Members replace(UUID accountId, UUID groupId, Set<UUID> actorIds) {
        return change(accountId, groupId, actorIds, (transaction, wanted) -> {
            transaction.update(ADD, accountId, groupId, wanted);
            transaction.update(REMOVE_OTHERS, accountId, groupId, wanted);
        });
    }

    /**
     * Has these be in the group, and those no more.
     *
     * @throws RequestException when there is no such group or actor, or it is the group of everyone
     */
    public Members change(UUID accountId, UUID groupId, Set<UUID> add, Set<UUID> remove) {
        return change(accountId, groupId, add, (transaction, added) -> {
            transaction.update(ADD, accountId, groupId, added);
            transaction.update(REMOVE, accountId, groupId, TypedArray.ofIds(remove));
        });
    }

    /** Has these be in the group, as part of another transaction. */
    public void add(Transaction transaction, UUID accountId, UUID groupId, Collection<UUID> actorIds) {
        transaction.update(ADD, accountId, groupId, TypedArray.ofIds(actorIds));
    }

    private Members change(UUID accountId, UUID groupId, Set<UUID> needed, BiConsumer<Transaction, TypedArray> work) {
        var ids = TypedArray.ofIds(needed);
        return transactions.inAccount(accountId).call(transaction -> {
            Turns.take(transaction, accountId);
            GroupService.changeable(groups.take(accountId, groupId, Expected.ANY));
            if (transaction.one(UNKNOWN, row -> row.number("count"), ids, accountId) > 0) {
                throw RequestException.argument("memberships", "One of the actors does not exist.");
            }
            return tests.keeping(transaction, accountId, () -> {
                work.accept(transaction, ids);
                return new Members(transaction.list(
                        "SELECT actor_id FROM membership WHERE account_id = ? AND group_id = ? ORDER BY actor_id",
                        row -> row.id("actor_id"),
                        accountId,
                        groupId));
            });
        });
    }

    private static MemberView view(Row row) {
        return new MemberView(
                row.id("id"), row.text("name"), ActorType.of(row.text("type")).apiWord(), row.number("version"));
    }

    /** Who is in a group then. */
    public record Members(List<UUID> actorIds) {}
}
