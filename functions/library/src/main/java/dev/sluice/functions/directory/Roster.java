package dev.sluice.functions.directory;

import dev.sluice.functions.actor.ProvisionedActors;
import dev.sluice.functions.actor.ProvisionedGroups;
import dev.sluice.functions.actor.ProvisionedGroups.Member;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Turns;
import dev.sluice.functions.sql.TypedArray;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Whom and what a directory has made: the people and groups, and what it says of each. Whoever changes it is the only one of
 * its directory until the end of the transaction ({@link #lock}), and takes the account's turn where somebody loses
 * something. What is written as it is already changes nothing.
 */
public final class Roster {
    private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('directory ' || ?::text, 0))";

    private static final String SAID_OF_USERS = """
            unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::boolean[], ?::text[])
                AS said (id, external_id, user_name, user_key, active, resource)
            """;

    private static final String ADD_USERS = """
            INSERT INTO directory_user
                (id, account_id, directory_id, external_id, user_name, user_key, active, suspended, resource)
            SELECT id, ?, ?, external_id, user_name, user_key, active, NOT active, resource::jsonb FROM
            """ + SAID_OF_USERS;

    private static final String CHANGE_USERS = """
            UPDATE directory_user u SET external_id = said.external_id, user_name = said.user_name, user_key = said.user_key,
                resource = said.resource::jsonb, updated_at = now()
            FROM
            """ + SAID_OF_USERS + """
            WHERE u.account_id = ? AND u.directory_id = ? AND u.id = said.id
              AND (u.external_id, u.user_name, u.resource)
                  IS DISTINCT FROM (said.external_id, said.user_name, said.resource::jsonb)
            RETURNING u.id
            """;

    private static final String SUSPEND = """
            UPDATE directory_user u SET active = false, suspended = a.disabled_at IS NULL, updated_at = now()
            FROM actor a
            WHERE u.account_id = ? AND u.directory_id = ? AND u.id = ANY (?::uuid[]) AND u.active
              AND a.account_id = u.account_id AND a.id = u.id
            RETURNING u.id
            """;

    private static final String SUSPENDED = """
            SELECT id FROM directory_user WHERE account_id = ? AND directory_id = ? AND id = ANY (?::uuid[]) AND suspended
            """;

    private static final String RESUME = """
            UPDATE directory_user SET active = true, suspended = false, updated_at = now()
            WHERE account_id = ? AND directory_id = ? AND id = ANY (?::uuid[]) AND NOT active
            """;

    private static final String SAID_OF_GROUPS = """
            unnest(?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[])
                AS said (id, external_id, display_name, display_key, resource)
            """;

    private static final String ADD_GROUPS = """
            INSERT INTO directory_group
                (id, account_id, directory_id, external_id, display_name, display_key, resource)
            SELECT id, ?, ?, external_id, display_name, display_key, resource::jsonb FROM
            """ + SAID_OF_GROUPS;

    private static final String CHANGE_GROUPS = """
            UPDATE directory_group g SET external_id = said.external_id, display_name = said.display_name,
                display_key = said.display_key, resource = said.resource::jsonb, updated_at = now()
            FROM
            """ + SAID_OF_GROUPS + """
            WHERE g.account_id = ? AND g.directory_id = ? AND g.id = said.id
              AND (g.external_id, g.display_name, g.resource)
                  IS DISTINCT FROM (said.external_id, said.display_name, said.resource::jsonb)
            RETURNING g.id
            """;

    private static final String TOUCH_GROUPS =
            "UPDATE directory_group SET updated_at = now() WHERE account_id = ? AND id = ANY (?::uuid[])";

    /**
     * Somebody, as a directory says.
     *
     * @param id our own of them, which is the actor's
     * @param externalId the directory's
     * @param name what they are called
     * @param email null for none
     * @param resource all that the directory says, in JSON
     */
    public record User(
            UUID id,
            @Nullable String externalId,
            String userName,
            String name,
            @Nullable String email,
            boolean active,
            String resource) {}

    /** A group, as a directory says; as {@link User}. */
    public record Group(UUID id, @Nullable String externalId, String displayName, String resource) {}

    private Roster() {}

    /** Has this transaction be the only one of the directory's. */
    public static void lock(Transaction transaction, Directory directory) {
        lock(transaction, directory.id());
    }

    /** The same. */
    static void lock(Transaction transaction, UUID directoryId) {
        transaction.list(LOCK, row -> true, directoryId);
    }

    /** How names are compared. */
    public static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    public static void addUsers(Transaction transaction, Directory directory, List<User> users) {
        ProvisionedActors.add(transaction, directory.accountId(), directory.id(), wanted(users));
        transaction.update(
                ADD_USERS,
                directory.accountId(),
                directory.id(),
                ids(users, User::id),
                texts(users, User::externalId),
                texts(users, User::userName),
                texts(users, user -> key(user.userName())),
                TypedArray.ofFlags(users.stream().map(User::active).toList()),
                texts(users, User::resource));
    }

    /**
     * All but whether they are active.
     *
     * @return who was something else before
     */
    public static Set<UUID> changeUsers(Transaction transaction, Directory directory, List<User> users) {
        var changed = new HashSet<>(transaction.list(
                CHANGE_USERS,
                row -> row.id("id"),
                ids(users, User::id),
                texts(users, User::externalId),
                texts(users, User::userName),
                texts(users, user -> key(user.userName())),
                TypedArray.ofFlags(users.stream().map(User::active).toList()),
                texts(users, User::resource),
                directory.accountId(),
                directory.id()));
        if (!changed.isEmpty()) {
            ProvisionedActors.change(
                    transaction,
                    directory.accountId(),
                    wanted(users.stream()
                            .filter(user -> changed.contains(user.id()))
                            .toList()));
        }
        return changed;
    }

    /**
     * Disables people, until they are resumed.
     *
     * @return how many were not suspended before
     * @throws RequestException when nobody would be left who can administer the account
     */
    public static int suspend(Transaction transaction, Directory directory, Collection<UUID> ids) {
        Turns.take(transaction, directory.accountId());
        requireAnAdmin(transaction, directory, ids);
        var suspended = transaction.list(
                SUSPEND, row -> row.id("id"), directory.accountId(), directory.id(), TypedArray.ofIds(ids));
        ProvisionedActors.disable(transaction, directory.accountId(), suspended);
        return suspended.size();
    }

    /** Enables people again whom the directory has suspended; whom somebody else has disabled stays so. */
    public static void resume(Transaction transaction, Directory directory, Collection<UUID> ids) {
        Turns.take(transaction, directory.accountId());
        var these = TypedArray.ofIds(ids);
        var suspended = transaction.list(SUSPENDED, row -> row.id("id"), directory.accountId(), directory.id(), these);
        transaction.update(RESUME, directory.accountId(), directory.id(), these);
        ProvisionedActors.enable(transaction, directory.accountId(), suspended);
    }

    /**
     * Deletes people, with all that they have.
     *
     * @throws RequestException when nobody would be left who can administer the account
     */
    public static void removeUsers(Transaction transaction, Directory directory, Collection<UUID> ids) {
        Turns.take(transaction, directory.accountId());
        requireAnAdmin(transaction, directory, ids);
        ProvisionedActors.delete(transaction, directory.accountId(), ids);
    }

    public static void addGroups(Transaction transaction, Directory directory, List<Group> groups) {
        ProvisionedGroups.add(transaction, owner(directory), named(groups));
        transaction.update(
                ADD_GROUPS,
                directory.accountId(),
                directory.id(),
                ids(groups, Group::id),
                texts(groups, Group::externalId),
                texts(groups, Group::displayName),
                texts(groups, group -> key(group.displayName())),
                texts(groups, Group::resource));
    }

    /** @return which were something else before */
    public static Set<UUID> changeGroups(Transaction transaction, Directory directory, List<Group> groups) {
        var changed = new HashSet<>(transaction.list(
                CHANGE_GROUPS,
                row -> row.id("id"),
                ids(groups, Group::id),
                texts(groups, Group::externalId),
                texts(groups, Group::displayName),
                texts(groups, group -> key(group.displayName())),
                texts(groups, Group::resource),
                directory.accountId(),
                directory.id()));
        if (!changed.isEmpty()) {
            ProvisionedGroups.rename(
                    transaction,
                    owner(directory),
                    named(groups.stream()
                            .filter(group -> changed.contains(group.id()))
                            .toList()));
        }
        return changed;
    }

    /** Deletes groups, with their policies: what they allowed ends. */
    public static void removeGroups(Transaction transaction, Directory directory, Collection<UUID> ids) {
        Turns.take(transaction, directory.accountId());
        ProvisionedGroups.delete(transaction, directory.accountId(), ids);
    }

    public static void addMembers(Transaction transaction, Directory directory, List<Member> members) {
        if (ProvisionedGroups.addMembers(transaction, directory.accountId(), members) > 0) {
            touch(transaction, directory, members);
        }
    }

    /** What they reached by it ends. */
    public static void removeMembers(Transaction transaction, Directory directory, List<Member> members) {
        Turns.take(transaction, directory.accountId());
        if (ProvisionedGroups.removeMembers(transaction, directory.accountId(), members) > 0) {
            touch(transaction, directory, members);
        }
    }

    /** Has nobody be in a group but these. */
    public static void removeOthers(
            Transaction transaction, Directory directory, UUID groupId, Collection<UUID> actorIds) {
        if (ProvisionedGroups.hasOthers(transaction, directory.accountId(), groupId, actorIds)) {
            Turns.take(transaction, directory.accountId());
            ProvisionedGroups.removeOthers(transaction, directory.accountId(), groupId, actorIds);
            transaction.update(TOUCH_GROUPS, directory.accountId(), TypedArray.ofIds(List.of(groupId)));
        }
    }

    private static void touch(Transaction transaction, Directory directory, List<Member> members) {
        transaction.update(
                TOUCH_GROUPS,
                directory.accountId(),
                TypedArray.ofIds(
                        members.stream().map(Member::groupId).distinct().toList()));
    }

    /** Whom its admins have made one of theirs does not leave them without any. */
    private static void requireAnAdmin(Transaction transaction, Directory directory, Collection<UUID> ids) {
        if (!ProvisionedActors.lastAdmins(transaction, directory.accountId(), ids)
                .isEmpty()) {
            throw RequestException.conflict(
                    "Nobody would be left who can administer the account. Make somebody else an admin first.");
        }
    }

    private static ProvisionedGroups.Directory owner(Directory directory) {
        return new ProvisionedGroups.Directory(directory.accountId(), directory.id(), directory.name());
    }

    private static List<ProvisionedActors.Wanted> wanted(List<User> users) {
        return users.stream()
                .map(user -> new ProvisionedActors.Wanted(user.id(), user.name(), user.email(), user.active()))
                .toList();
    }

    private static List<ProvisionedGroups.Wanted> named(List<Group> groups) {
        return groups.stream()
                .map(group -> new ProvisionedGroups.Wanted(group.id(), group.displayName()))
                .toList();
    }

    private static <T> TypedArray ids(List<T> things, Function<T, UUID> id) {
        return TypedArray.ofIds(things.stream().map(id).toList());
    }

    private static <T> TypedArray texts(List<T> things, Function<T, @Nullable String> text) {
        return TypedArray.ofTexts(things.stream().map(text).toList());
    }
}
