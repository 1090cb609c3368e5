package dev.sluice.functions.directory.sync;

import dev.sluice.functions.directory.Directory;
import dev.sluice.functions.directory.DirectorySettings;
import dev.sluice.functions.directory.sync.Removals.Going;
import dev.sluice.functions.sql.Cursor;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.TypedArray;
import java.util.List;

/**
 * What a directory does not mention any more. Where that is much at once, it may be the directory's mistake, and is held: an
 * admin decides. Whom they keep stays until the directory mentions them again.
 */
final class HeldPlan {
    private static final String NOT_KEPT = """
            SELECT absent.* FROM (%s) AS absent WHERE NOT EXISTS (
                SELECT FROM directory_held h WHERE h.account_id = ? AND h.directory_id = ? AND h.kind = ? AND h.kept AND %s)
            """;

    private static final String MENTIONED_AGAIN = """
            DELETE FROM directory_held h WHERE h.account_id = ? AND h.directory_id = ? AND h.kind = ? AND NOT EXISTS (
                SELECT FROM (%s) AS absent WHERE %s)
            """;

    private static final String HOLD = """
            INSERT INTO directory_held (account_id, directory_id, kind, group_id, actor_id)
            SELECT ?, ?, ?, absent.group_id, absent.actor_id FROM unnest(?::uuid[], ?::uuid[]) AS absent (group_id, actor_id)
            ON CONFLICT DO NOTHING
            """;

    private static final String OF_KIND = " FROM directory_held WHERE account_id = ? AND directory_id = ? AND kind = ?";

    private static final String KEEP =
            "UPDATE directory_held SET kept = true WHERE account_id = ? AND directory_id = ? AND NOT kept";

    private static final String CARRIED_OUT = """
            DELETE FROM directory_held h USING unnest(?::uuid[], ?::uuid[]) AS absent (group_id, actor_id)
            WHERE h.account_id = ? AND h.directory_id = ? AND h.kind = ? AND %s
            """;

    private final Transaction transaction;
    private final Directory directory;

    HeldPlan(Transaction transaction, Directory directory) {
        this.transaction = transaction;
        this.directory = directory;
    }

    /**
     * Holds what is not mentioned, if it is much.
     *
     * @return whether it goes
     */
    boolean guard(Held kind, DirectorySettings settings, Counts counts) {
        if (hasAny(kind)) {
            HashJoins.within(
                    transaction,
                    () -> transaction.update(
                            MENTIONED_AGAIN.formatted(kind.absent(), kind.same()),
                            directory.accountId(),
                            directory.id(),
                            kind.word(),
                            directory.accountId(),
                            directory.id()));
        }
        long absent = HashJoins.within(
                transaction,
                () -> transaction.one(
                        "SELECT count(*) FROM (" + notKept(kind) + ") AS absent",
                        row -> row.number("count"),
                        allButKept(kind)));
        if (absent == 0) {
            return false;
        }
        if (!settings.isMuch(absent, all(kind))) {
            transaction.update("DELETE" + OF_KIND + " AND NOT kept", ofKind(kind));
            return true;
        }
        try (Cursor<Going> going = HashJoins.within(
                transaction, () -> transaction.open(notKept(kind), Additions.BATCH, Going::read, allButKept(kind)))) {
            for (var batch = going.next(); !batch.isEmpty(); batch = going.next()) {
                hold(kind, batch);
            }
        }
        counts.held(kind, absent);
        return false;
    }

    /** Some of what is not mentioned, and not kept all the same. */
    List<Going> absent(Held kind, int atMost) {
        return HashJoins.within(
                transaction, () -> transaction.list(notKept(kind) + " LIMIT " + atMost, Going::read, allButKept(kind)));
    }

    /** Some of what is held. */
    List<Going> held(Held kind, int atMost) {
        return transaction.list(
                "SELECT group_id, actor_id" + OF_KIND + " AND NOT kept LIMIT " + atMost, Going::read, ofKind(kind));
    }

    /** Of what was held some is gone. */
    void carriedOut(Held kind, List<Going> going) {
        transaction.update(
                CARRIED_OUT.formatted(kind.same()),
                groupIds(going),
                actorIds(going),
                directory.accountId(),
                directory.id(),
                kind.word());
    }

    /** @return how much was held */
    int keep() {
        return transaction.update(KEEP, directory.accountId(), directory.id());
    }

    /** How many there are in all. */
    long all(Held kind) {
        return HashJoins.within(
                transaction,
                () -> transaction.one(kind.all(), row -> row.number("count"), directory.accountId(), directory.id()));
    }

    private boolean hasAny(Held kind) {
        return transaction.one("SELECT EXISTS (SELECT" + OF_KIND + ") AS has", row -> row.flag("has"), ofKind(kind));
    }

    private Object[] ofKind(Held kind) {
        return new Object[] {directory.accountId(), directory.id(), kind.word()};
    }

    private void hold(Held kind, List<Going> going) {
        transaction.update(HOLD, directory.accountId(), directory.id(), kind.word(), groupIds(going), actorIds(going));
    }

    private static String notKept(Held kind) {
        return NOT_KEPT.formatted(kind.absent(), kind.same());
    }

    private static TypedArray groupIds(List<Going> going) {
        return TypedArray.ofIds(going.stream().map(Going::groupId).toList());
    }

    private static TypedArray actorIds(List<Going> going) {
        return TypedArray.ofIds(going.stream().map(Going::actorId).toList());
    }

    private Object[] allButKept(Held kind) {
        return new Object[] {directory.accountId(), directory.id(), directory.accountId(), directory.id(), kind.word()};
    }
}
