package dev.sluice.functions.directory.sync;

import dev.sluice.functions.directory.Directory;
import dev.sluice.functions.directory.DirectorySettings;
import dev.sluice.functions.directory.sync.Removals.Going;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.TypedArray;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a directory does not mention any more. Where that is much at once, it may be the directory's mistake, and is held: an
 * admin decides. Whom they keep stays until the directory mentions them again.
 */
final class HeldPlan {
    private static final String NOT_KEPT = """
             AND NOT EXISTS (SELECT FROM directory_held h WHERE h.account_id = ? AND h.directory_id = ? AND h.kind = ? AND h.kept
                             AND h.group_id IS NOT DISTINCT FROM absent.group_id
                             AND h.actor_id IS NOT DISTINCT FROM absent.actor_id)
            """;

    private static final String MENTIONED_AGAIN = """
            DELETE FROM directory_held h WHERE h.account_id = ? AND h.directory_id = ? AND h.kind = ? AND NOT EXISTS (
                SELECT FROM (%s) AS absent WHERE absent.group_id IS NOT DISTINCT FROM h.group_id
                    AND absent.actor_id IS NOT DISTINCT FROM h.actor_id)
            """;

    private static final String HOLD = """
            INSERT INTO directory_held (account_id, directory_id, kind, group_id, actor_id)
            SELECT ?, ?, ?, absent.group_id, absent.actor_id FROM (%s) AS absent ON CONFLICT DO NOTHING
            """;

    private static final String OF_KIND = " FROM directory_held WHERE account_id = ? AND directory_id = ? AND kind = ?";

    private static final String KEEP =
            "UPDATE directory_held SET kept = true WHERE account_id = ? AND directory_id = ? AND NOT kept";

    private static final String CARRIED_OUT = """
            DELETE FROM directory_held h USING unnest(?::uuid[], ?::uuid[]) AS gone (group_id, actor_id)
            WHERE h.account_id = ? AND h.directory_id = ? AND h.kind = ?
              AND h.group_id IS NOT DISTINCT FROM gone.group_id AND h.actor_id IS NOT DISTINCT FROM gone.actor_id
            """;

    /** What is not mentioned is found by going through all once, whatever the planner thinks of rows that it has not seen. */
    private static final String NESTED_LOOPS = "SELECT set_config('enable_nestloop', ?, true)";

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
        return throughAll(() -> {
            if (hasAny(kind)) {
                transaction.update(String.format(MENTIONED_AGAIN, kind.absent()), ofKindAndAll(kind));
            }
            long absent = transaction.one(
                    "SELECT count(*) FROM (" + kind.absent() + ") AS absent WHERE true" + NOT_KEPT,
                    row -> row.number("count"),
                    allButKept(kind));
            if (absent == 0) {
                return false;
            }
            if (!settings.isMuch(absent, all(kind))) {
                transaction.update("DELETE" + OF_KIND + " AND NOT kept", ofKind(kind));
                return true;
            }
            transaction.update(String.format(HOLD, kind.absent()), ofKindAndAll(kind));
            counts.held(kind, absent);
            return false;
        });
    }

    /** Some of what is not mentioned, and not kept all the same. */
    List<Going> absent(Held kind, int atMost) {
        return throughAll(() -> transaction.list(
                "SELECT absent.* FROM (" + kind.absent() + ") AS absent WHERE true" + NOT_KEPT + " LIMIT " + atMost,
                Going::read,
                allButKept(kind)));
    }

    /** Some of what is held. */
    List<Going> held(Held kind, int atMost) {
        return transaction.list(
                "SELECT group_id, actor_id" + OF_KIND + " AND NOT kept LIMIT " + atMost, Going::read, ofKind(kind));
    }

    /** Of what was held some is gone. */
    void carriedOut(Held kind, List<Going> going) {
        transaction.update(
                CARRIED_OUT,
                TypedArray.ofIds(going.stream().map(Going::groupId).toList()),
                TypedArray.ofIds(going.stream().map(Going::actorId).toList()),
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
        return transaction.one(kind.all(), row -> row.number("count"), directory.accountId(), directory.id());
    }

    private boolean hasAny(Held kind) {
        return transaction.one("SELECT EXISTS (SELECT" + OF_KIND + ") AS has", row -> row.flag("has"), ofKind(kind));
    }

    private <T> T throughAll(Supplier<T> work) {
        transaction.list(NESTED_LOOPS, row -> true, "off");
        T result = work.get();
        transaction.list(NESTED_LOOPS, row -> true, "on");
        return result;
    }

    private Object[] ofKind(Held kind) {
        return new Object[] {directory.accountId(), directory.id(), kind.word()};
    }

    private Object[] ofKindAndAll(Held kind) {
        return new Object[] {directory.accountId(), directory.id(), kind.word(), directory.accountId(), directory.id()};
    }

    private Object[] allButKept(Held kind) {
        return new Object[] {directory.accountId(), directory.id(), directory.accountId(), directory.id(), kind.word()};
    }
}
