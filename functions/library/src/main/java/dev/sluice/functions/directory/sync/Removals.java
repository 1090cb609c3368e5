package dev.sluice.functions.directory.sync;

import dev.sluice.functions.actor.ProvisionedActors;
import dev.sluice.functions.actor.ProvisionedGroups.Member;
import dev.sluice.functions.directory.Directory;
import dev.sluice.functions.directory.Roster;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Takes away what a directory has taken away. What that ends, the database ends with it. */
final class Removals {
    /** So many in one transaction: the account's asks wait meanwhile, for a second at most. */
    static final int AT_ONCE = 1_000;

    private static final Logger LOG = Logger.getLogger(Removals.class);

    private static final String SWITCHED = """
            SELECT u.id FROM staged_user s
            JOIN directory_user u ON u.directory_id = s.directory_id AND u.external_id = s.external_id
            WHERE s.account_id = ? AND s.directory_id = ? AND s.active = ? AND u.active <> s.active
              AND (u.told_at IS NULL OR u.told_at <= s.read_at)
            LIMIT ?
            """;

    /**
     * Something that goes.
     *
     * @param groupId of a group or a member
     * @param actorId of a user or a member
     */
    record Going(@Nullable UUID groupId, @Nullable UUID actorId) {
        static Going read(Row row) {
            return new Going(row.optionalId("group_id"), row.optionalId("actor_id"));
        }

        private UUID group() {
            return Objects.requireNonNull(groupId);
        }

        private UUID actor() {
            return Objects.requireNonNull(actorId);
        }
    }

    private final Transaction transaction;
    private final Directory directory;
    private final Counts counts;

    Removals(Transaction transaction, Directory directory, Counts counts) {
        this.transaction = transaction;
        this.directory = directory;
        this.counts = counts;
    }

    /** Some whom the directory has suspended, or resumed, and who are not yet. */
    List<UUID> switched(boolean active, int atMost) {
        return transaction.list(
                SWITCHED, row -> row.id("id"), directory.accountId(), directory.id(), active, Math.max(0, atMost));
    }

    void suspend(List<UUID> users) {
        counts.add("users_suspended", Roster.suspend(transaction, directory, withoutLastAdmins(users)));
    }

    void resume(List<UUID> users) {
        Roster.resume(transaction, directory, users);
        counts.add("users_resumed", users.size());
    }

    /** Removes these. */
    void remove(Held kind, List<Going> going) {
        switch (kind) {
            case USER -> {
                List<UUID> users =
                        withoutLastAdmins(going.stream().map(Going::actor).toList());
                Roster.removeUsers(transaction, directory, users);
                counts.add("users_removed", users.size());
            }
            case GROUP -> {
                Roster.removeGroups(
                        transaction, directory, going.stream().map(Going::group).toList());
                counts.add("groups_removed", going.size());
            }
            case MEMBER -> {
                Roster.removeMembers(
                        transaction,
                        directory,
                        going.stream()
                                .map(each -> new Member(each.group(), each.actor()))
                                .toList());
                counts.add("members_removed", going.size());
            }
        }
    }

    /** The account keeps somebody who can administer it, and hears of it. */
    private List<UUID> withoutLastAdmins(List<UUID> ids) {
        List<UUID> last = ProvisionedActors.lastAdmins(transaction, directory.accountId(), ids);
        if (!last.isEmpty()) {
            LOG.warnf(
                    "directory %s of account %s takes away the last admin: they stay until somebody else is one",
                    directory.id(), directory.accountId());
        }
        return ids.stream().filter(id -> !last.contains(id)).toList();
    }
}
