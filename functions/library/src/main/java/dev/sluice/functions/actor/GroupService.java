package dev.sluice.functions.actor;

import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.entity.Narrowing;
import dev.sluice.functions.entity.Page;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Creates, changes, finds and deletes groups. What a change ends, the database ends with it. */
@ApplicationScoped
public class GroupService {
    private static final String GROUPS = """
            SELECT id, name, type = 'everyone' AS everyone FROM actor_group WHERE account_id = ?
            """;

    private final Transactions transactions;
    private final Groups groups;

    @Inject
    public GroupService(Transactions transactions, Groups groups) {
        this.transactions = transactions;
        this.groups = groups;
    }

    /**
     * Groups by name.
     *
     * @param atMost so many of them; all if null
     */
    public List<Group> list(UUID accountId, @Nullable Integer atMost) {
        return transactions.call(transaction ->
                transaction.list(GROUPS + "ORDER BY name, id LIMIT ?::bigint", GroupService::read, accountId, atMost));
    }

    /** The groups of this id or name. */
    public List<Group> called(UUID accountId, String reference) {
        return transactions.call(transaction -> transaction.list(
                GROUPS + "AND (id = ?::uuid OR name = ?) ORDER BY name, id",
                GroupService::read,
                accountId,
                Ids.parse(reference),
                reference));
    }

    /**
     * A page of groups.
     *
     * @param name with what their names begin; null for all
     */
    public Page<GroupView> page(UUID accountId, PageRequest request, @Nullable String name) {
        return transactions.call(transaction ->
                groups.page(accountId, request, Narrowing.NONE.named(name)).map(GroupService::view));
    }

    /** @throws RequestException when there is none */
    public GroupView get(UUID accountId, UUID id) {
        return transactions.call(transaction -> view(groups.get(accountId, id)));
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
        return transactions.call(transaction -> {
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
        return transactions.call(transaction -> {
            Turns.take(transaction, accountId);
            var group = changeable(groups.take(accountId, id, expected));
            groups.delete(group);
            groups.flush();
            return view(group);
        });
    }

    static GroupEntity changeable(GroupEntity group) {
        if (group.isOfEveryone()) {
            throw RequestException.conflict("The group of everyone stays as it is.");
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
                group.insertedAt(),
                group.version());
    }

    private static Group read(Row row) {
        return new Group(row.id("id"), row.text("name"), row.flag("everyone"));
    }
}
