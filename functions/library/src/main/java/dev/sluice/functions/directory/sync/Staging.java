package dev.sluice.functions.directory.sync;

import dev.sluice.functions.directory.Directory;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.TypedArray;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What was read of a directory so far, and up to where: whoever goes on reads no page twice. The database lets go of all of
 * it together when it crashes.
 */
final class Staging {
    /** What is read, in this order. */
    enum Part {
        USERS,
        GROUPS,
        MEMBERS,
        /** There is nothing more to read. */
        ALL;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Part of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * Up to where.
     *
     * @param position behind which page, or behind which group's members; null at the beginning
     */
    record Progress(Part part, @Nullable String position) {}

    /** What is older than this is read anew, and so is all where it could not be applied. */
    private static final String PROGRESS = """
            SELECT part, position FROM directory_progress
            WHERE account_id = ? AND directory_id = ? AND part <> 'all' AND read_at > now() - interval '30 minutes'
            """;

    private static final String ADVANCE = """
            INSERT INTO directory_progress (directory_id, account_id, part, position) VALUES (?, ?, ?, ?)
            ON CONFLICT (directory_id) DO UPDATE SET part = excluded.part, position = excluded.position, read_at = now()
            """;

    private static final String STAGE_USERS = """
            INSERT INTO staged_user (directory_id, account_id, read_at, external_id, user_name, name, email, active, resource)
            SELECT ?, ?, ?, u.* FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[], ?::jsonb[]) AS u
            ON CONFLICT (directory_id, external_id) DO UPDATE SET user_name = excluded.user_name, name = excluded.name,
                email = excluded.email, active = excluded.active, resource = excluded.resource,
                read_at = excluded.read_at
            """;

    private static final String STAGE_GROUPS = """
            INSERT INTO staged_group (directory_id, account_id, external_id, name)
            SELECT ?, ?, g.* FROM unnest(?::text[], ?::text[]) AS g
            ON CONFLICT (directory_id, external_id) DO UPDATE SET name = excluded.name
            """;

    private static final String STAGE_MEMBERS = """
            INSERT INTO staged_member (directory_id, account_id, group_external_id, user_external_id)
            SELECT ?, ?, m.* FROM unnest(?::text[], ?::text[]) AS m
            """;

    private static final String GROUPS_AFTER = """
            SELECT external_id FROM staged_group
            WHERE directory_id = ? AND account_id = ? AND (?::text IS NULL OR external_id > ?) ORDER BY external_id LIMIT ?
            """;

    private final Transaction transaction;
    private final Directory directory;

    Staging(Transaction transaction, Directory directory) {
        this.transaction = transaction;
        this.directory = directory;
    }

    /** Up to where it was read lately; what is older is let go. */
    Progress begin() {
        Optional<Progress> there = transaction.first(
                PROGRESS,
                row -> new Progress(Part.of(row.text("part")), row.optionalText("position")),
                directory.accountId(),
                directory.id());
        if (there.isPresent()) {
            return there.get();
        }
        clear();
        var beginning = new Progress(Part.USERS, null);
        advance(beginning);
        return beginning;
    }

    void advance(Progress progress) {
        transaction.update(
                ADVANCE, directory.id(), directory.accountId(), progress.part().word(), progress.position());
    }

    /**
     * Who comes twice is what they are the second time.
     *
     * @param readAt when the directory was asked, by the database's clock
     */
    void users(List<DirectoryConnector.User> users, Instant readAt) {
        var each = distinct(users, DirectoryConnector.User::id);
        transaction.update(
                STAGE_USERS,
                directory.id(),
                directory.accountId(),
                readAt,
                texts(each, DirectoryConnector.User::id),
                texts(each, DirectoryConnector.User::userName),
                texts(each, DirectoryConnector.User::name),
                texts(each, DirectoryConnector.User::email),
                TypedArray.ofFlags(
                        each.stream().map(DirectoryConnector.User::active).toList()),
                new TypedArray("jsonb", each.stream().map(Provided::resource).toList()));
    }

    void groups(List<DirectoryConnector.Group> groups) {
        var each = distinct(groups, DirectoryConnector.Group::id);
        transaction.update(
                STAGE_GROUPS,
                directory.id(),
                directory.accountId(),
                texts(each, DirectoryConnector.Group::id),
                texts(each, DirectoryConnector.Group::name));
    }

    /** @param members by their groups, of which none was staged before */
    void members(Map<String, Set<String>> members) {
        List<String> groups = new ArrayList<>();
        List<String> users = new ArrayList<>();
        members.forEach((group, of) -> of.forEach(user -> {
            groups.add(group);
            users.add(user);
        }));
        transaction.update(
                STAGE_MEMBERS,
                directory.id(),
                directory.accountId(),
                TypedArray.ofTexts(groups),
                TypedArray.ofTexts(users));
    }

    /** Some groups, in one order. */
    List<String> groupsAfter(@Nullable String position, int atMost) {
        return transaction.list(
                GROUPS_AFTER,
                row -> row.text("external_id"),
                directory.id(),
                directory.accountId(),
                position,
                position,
                atMost);
    }

    /** By the database's clock. */
    Instant now() {
        return transaction.now();
    }

    /** How many of what was read are staged. */
    long count(String table) {
        return transaction.one(
                "SELECT count(*) FROM " + table + " WHERE directory_id = ? AND account_id = ?",
                row -> row.number("count"),
                directory.id(),
                directory.accountId());
    }

    /** Lets go of all. */
    void clear() {
        for (String table : List.of("staged_member", "staged_group", "staged_user", "directory_progress")) {
            transaction.update(
                    "DELETE FROM " + table + " WHERE directory_id = ? AND account_id = ?",
                    directory.id(),
                    directory.accountId());
        }
    }

    private static <T> List<T> distinct(List<T> things, Function<T, String> id) {
        Map<String, T> each = new LinkedHashMap<>();
        things.forEach(thing -> each.put(id.apply(thing), thing));
        return List.copyOf(each.values());
    }

    private static <T> TypedArray texts(Collection<T> things, Function<T, @Nullable String> text) {
        return TypedArray.ofTexts(things.stream().map(text).toList());
    }
}
