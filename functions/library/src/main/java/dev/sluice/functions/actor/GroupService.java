package dev.sluice.functions.actor;

import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.entity.Narrowing;
import dev.sluice.functions.entity.Page;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.policy.PolicyTestRuns;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Creates, changes, finds and deletes groups. What a change ends, the database ends with it. */
@ApplicationScoped
public class GroupService {
    private final Transactions transactions;
    private final Groups groups;
    private final PolicyTestRuns tests;

    @Inject
    public GroupService(Transactions transactions, Groups groups, PolicyTestRuns tests) {
        this.transactions = transactions;
        this.groups = groups;
        this.tests = tests;
    }

    /**
     * A page of groups.
     *
     * @param name with what their names begin; null for all
     * @param called their whole name; null for all
     */
    public Page<GroupView> page(UUID accountId, PageRequest request, @Nullable String name, @Nullable String called) {
        return transactions
                .inAccount(accountId)
                .search(transaction -> groups.page(
                                accountId, request, Narrowing.NONE.named(name).called(called, "name"))
                        .map(GroupService::view));
    }

    /** @throws RequestException when there is none */
    public GroupView get(UUID accountId, UUID id) {
        return transactions.inAccount(accountId).call(transaction -> view(groups.get(accountId, id)));
    }

    /**
     * Creates a group that nobody is in.
     *
     * @throws RequestException when the name is taken
     */
    public GroupView create(Transaction transaction, UUID accountId, String name) {
        requireFree(accountId, name);
        return view(groups.added(new GroupEntity(accountId, name)));
    }

    /** @throws RequestException when there is none of this version, or the name is taken */
    public GroupView rename(UUID accountId, UUID id, String name, Expected expected) {
        return transactions.inAccount(accountId).call(transaction -> {
            var group = changeable(groups.take(accountId, id, expected));
            if (!group.name().equals(name)) {
                requireFree(accountId, name);
                group.rename(name);
                groups.flush();
            }
            return view(group);
        });
    }

    /**
     * Deletes a group, with its policies: what they allowed ends.
     *
     * @throws RequestException when there is none of this version
     */
    public GroupView delete(UUID accountId, UUID id, Expected expected) {
        return transactions.inAccount(accountId).call(transaction -> {
            Turns.take(transaction, accountId);
            return tests.keeping(transaction, accountId, () -> delete(transaction, accountId, id, expected));
        });
    }

    /** As {@link #delete(UUID, UUID, Expected)}, as part of another transaction, whatever policy tests say of it. */
    public GroupView delete(Transaction transaction, UUID accountId, UUID id, Expected expected) {
        Turns.take(transaction, accountId);
        var group = changeable(groups.take(accountId, id, expected));
        groups.delete(group);
        groups.flush();
        return view(group);
    }

    static GroupEntity changeable(GroupEntity group) {
        if (group.isOfEveryone()) {
            throw RequestException.conflict("The group of everyone stays as it is.");
        }
        if (group.directoryId() != null) {
            throw RequestException.conflict(
                    "The group is of directory " + group.directoryId() + ": change it there, or delete the directory.");
        }
        return group;
    }

    private void requireFree(UUID accountId, String name) {
        if (groups.isTaken(accountId, name)) {
            throw RequestException.argument("name", "There is a group '" + name + "' already.");
        }
    }

    private static GroupView view(GroupEntity group) {
        return new GroupView(
                group.id(),
                group.name(),
                group.isOfEveryone() ? "managed" : "static",
                group.directoryId(),
                group.insertedAt(),
                group.version());
    }
}
