package dev.sluice.functions.actor;

import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.TypedArray;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** The groups that a directory has made, and who is in them, as many at once as it names. */
public final class ProvisionedGroups {
    /** Names are unique in an account, and not in every directory: the second says whose it is, and the third which one. */
    private static final String WANTED = """
            SELECT named.id, CASE
                WHEN place = 1 AND NOT EXISTS (SELECT FROM actor_group o
                    WHERE o.account_id = ? AND o.name = named.name AND o.id <> named.id) THEN named.name
                WHEN place = 1 AND NOT EXISTS (SELECT FROM actor_group o
                    WHERE o.account_id = ? AND o.name = named.second AND o.id <> named.id) THEN named.second
                ELSE left(named.name, 240) || ' (' || right(named.id::text, 8) || ')' END AS name
            FROM (SELECT g.id, g.name, left(g.name, 120) || ' (' || left(?, 120) || ')' AS second,
                         row_number() OVER (PARTITION BY g.name ORDER BY g.id) AS place
                  FROM unnest(?::uuid[], ?::text[]) AS g (id, name)) AS named
            """;

    private static final String ADD =
            "INSERT INTO actor_group (id, account_id, name, type, directory_id) SELECT w.id, ?, w.name, 'static', ? FROM ("
                    + WANTED + ") AS w";

    private static final String RENAME = "UPDATE actor_group SET name = w.name FROM (" + WANTED
            + ") AS w WHERE actor_group.account_id = ? AND actor_group.id = w.id AND actor_group.name <> w.name";

    private static final String DELETE = "DELETE FROM actor_group WHERE account_id = ? AND id = ANY (?::uuid[])";

    private static final String RELEASE =
            "UPDATE actor_group SET directory_id = NULL WHERE account_id = ? AND directory_id = ?";

    private static final String PAIRS = "unnest(?::uuid[], ?::uuid[]) AS pair (group_id, actor_id)";

    /** With ids in the order of their making: those of the table's own default are written all over its indexes. */
    private static final String ADD_MEMBERS = "INSERT INTO membership (id, account_id, group_id, actor_id)"
            + " SELECT made.id, ?, made.group_id, made.actor_id"
            + " FROM unnest(?::uuid[], ?::uuid[], ?::uuid[]) AS made (id, group_id, actor_id)"
            + " ON CONFLICT (account_id, actor_id, group_id) DO NOTHING";

    private static final String REMOVE_MEMBERS = "DELETE FROM membership m USING " + PAIRS
            + " WHERE m.account_id = ? AND m.group_id = pair.group_id AND m.actor_id = pair.actor_id";

    private static final String OTHERS =
            " FROM membership WHERE account_id = ? AND group_id = ? AND actor_id <> ALL (?::uuid[])";

    /** Whose groups they are. */
    public record Directory(UUID accountId, UUID id, String name) {}

    public record Wanted(UUID id, String name) {}

    /** Somebody in a group. */
    public record Member(UUID groupId, UUID actorId) {}

    private ProvisionedGroups() {}

    /** Adds groups that nobody is in. */
    public static void add(Transaction transaction, Directory directory, List<Wanted> groups) {
        transaction.update(
                ADD,
                directory.accountId(),
                directory.id(),
                directory.accountId(),
                directory.accountId(),
                directory.name(),
                ids(groups),
                names(groups));
    }

    public static void rename(Transaction transaction, Directory directory, List<Wanted> groups) {
        transaction.update(
                RENAME,
                directory.accountId(),
                directory.accountId(),
                directory.name(),
                ids(groups),
                names(groups),
                directory.accountId());
    }

    /** Deletes groups, with their policies: what they allowed ends. The account's turn is taken before. */
    public static void delete(Transaction transaction, UUID accountId, Collection<UUID> ids) {
        transaction.update(DELETE, accountId, TypedArray.ofIds(ids));
    }

    /** Makes a directory's groups the account's own. */
    public static void release(Transaction transaction, UUID accountId, UUID directoryId) {
        transaction.update(RELEASE, accountId, directoryId);
    }

    /** @return how many were not in there yet */
    public static int addMembers(Transaction transaction, UUID accountId, List<Member> members) {
        return transaction.update(
                ADD_MEMBERS,
                accountId,
                TypedArray.ofIds(members.stream().map(member -> Ids.next()).toList()),
                groupIds(members),
                actorIds(members));
    }

    /**
     * What they reached by it ends. The account's turn is taken before.
     *
     * @return how many were in there
     */
    public static int removeMembers(Transaction transaction, UUID accountId, List<Member> members) {
        return transaction.update(REMOVE_MEMBERS, groupIds(members), actorIds(members), accountId);
    }

    /** Whether anybody else is in a group. */
    public static boolean hasOthers(Transaction transaction, UUID accountId, UUID groupId, Collection<UUID> actorIds) {
        return transaction.one(
                "SELECT EXISTS (SELECT" + OTHERS + ") AS others",
                row -> row.flag("others"),
                accountId,
                groupId,
                TypedArray.ofIds(actorIds));
    }

    /** Removes everybody else from a group. The account's turn is taken before. */
    public static int removeOthers(Transaction transaction, UUID accountId, UUID groupId, Collection<UUID> actorIds) {
        return transaction.update("DELETE" + OTHERS, accountId, groupId, TypedArray.ofIds(actorIds));
    }

    private static TypedArray ids(List<Wanted> groups) {
        return TypedArray.ofIds(groups.stream().map(Wanted::id).toList());
    }

    private static TypedArray names(List<Wanted> groups) {
        return TypedArray.ofTexts(groups.stream().map(Wanted::name).toList());
    }

    private static TypedArray groupIds(List<Member> members) {
        return TypedArray.ofIds(members.stream().map(Member::groupId).toList());
    }

    private static TypedArray actorIds(List<Member> members) {
        return TypedArray.ofIds(members.stream().map(Member::actorId).toList());
    }
}
