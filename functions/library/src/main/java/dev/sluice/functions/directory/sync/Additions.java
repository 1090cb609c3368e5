package dev.sluice.functions.directory.sync;

import dev.sluice.functions.actor.ProvisionedGroups.Member;
import dev.sluice.functions.directory.Directory;
import dev.sluice.functions.directory.Roster;
import dev.sluice.functions.sql.Cursor;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/** Who and what is new in what a directory has staged, and what is said otherwise of the others. Nobody loses anything. */
final class Additions {
    /** So many are written by one statement. */
    static final int BATCH = 5_000;

    private static final String STAGED_USER = "s.external_id, s.user_name, s.name, s.email, s.active, s.resource";

    private static final String NEW_USERS = "SELECT " + STAGED_USER + """
             FROM staged_user s WHERE s.account_id = ? AND s.directory_id = ? AND s.active AND NOT EXISTS (
                SELECT FROM directory_user u WHERE u.directory_id = s.directory_id AND u.external_id = s.external_id)
            LIMIT ?
            """;

    private static final String CHANGED_USERS = "SELECT u.id, " + STAGED_USER + """
             FROM staged_user s JOIN directory_user u ON u.directory_id = s.directory_id AND u.external_id = s.external_id
            WHERE s.account_id = ? AND s.directory_id = ?
              AND (u.user_name, u.resource) IS DISTINCT FROM (s.user_name, s.resource)
              AND (u.told_at IS NULL OR u.told_at <= s.read_at)
            LIMIT ?
            """;

    private static final String NEW_GROUPS = """
            SELECT s.external_id, s.name FROM staged_group s
            WHERE s.account_id = ? AND s.directory_id = ? AND NOT EXISTS (
                SELECT FROM directory_group g WHERE g.directory_id = s.directory_id AND g.external_id = s.external_id)
            LIMIT ?
            """;

    private static final String CHANGED_GROUPS = """
            SELECT g.id, s.external_id, s.name
            FROM staged_group s JOIN directory_group g ON g.directory_id = s.directory_id AND g.external_id = s.external_id
            WHERE s.account_id = ? AND s.directory_id = ? AND g.display_name <> s.name
            LIMIT ?
            """;

    /** Those of one group together: what is written of it then is written together. */
    private static final String NEW_MEMBERS = """
            SELECT g.id AS group_id, u.id AS actor_id FROM staged_member s
            JOIN directory_group g ON g.directory_id = s.directory_id AND g.external_id = s.group_external_id
            JOIN directory_user u ON u.directory_id = s.directory_id AND u.external_id = s.user_external_id
            WHERE s.account_id = ? AND s.directory_id = ?
              AND NOT EXISTS (SELECT FROM membership m WHERE m.account_id = s.account_id
                              AND m.group_id = g.id AND m.actor_id = u.id)
            ORDER BY g.id
            """;

    private final Transaction transaction;
    private final Directory directory;
    private final Counts counts;

    Additions(Transaction transaction, Directory directory, Counts counts) {
        this.transaction = transaction;
        this.directory = directory;
        this.counts = counts;
    }

    void make() {
        batches("users_added", NEW_USERS, row -> user(Ids.next(), row), Roster::addUsers);
        batches("users_changed", CHANGED_USERS, row -> user(row.id("id"), row), Roster::changeUsers);
        batches("groups_added", NEW_GROUPS, row -> group(Ids.next(), row), Roster::addGroups);
        batches("groups_changed", CHANGED_GROUPS, row -> group(row.id("id"), row), Roster::changeGroups);
        try (Cursor<Member> members = HashJoins.within(
                transaction,
                () -> transaction.open(NEW_MEMBERS, BATCH, Additions::member, directory.accountId(), directory.id()))) {
            for (var batch = members.next(); !batch.isEmpty(); batch = members.next()) {
                Roster.addMembers(transaction, directory, batch);
                counts.add("members_added", batch.size());
            }
        }
    }

    private interface Write<T> {
        void write(Transaction transaction, Directory directory, List<T> things);
    }

    /** What is written is not selected again. */
    private <T> void batches(String what, String select, Function<Row, T> read, Write<T> write) {
        List<T> batch;
        do {
            batch = transaction.list(select, read, directory.accountId(), directory.id(), BATCH);
            if (!batch.isEmpty()) {
                write.write(transaction, directory, batch);
                counts.add(what, batch.size());
            }
        } while (batch.size() == BATCH);
    }

    private static Member member(Row row) {
        return new Member(row.id("group_id"), row.id("actor_id"));
    }

    private static Roster.User user(UUID id, Row row) {
        return new Roster.User(
                id,
                row.text("external_id"),
                row.text("user_name"),
                row.text("name"),
                row.optionalText("email"),
                row.flag("active"),
                row.text("resource"));
    }

    private static Roster.Group group(UUID id, Row row) {
        return new Roster.Group(id, row.text("external_id"), row.text("name"), "{}");
    }
}
