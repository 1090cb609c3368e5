package dev.sluice.functions.directory;

import dev.sluice.functions.actor.ProvisionedActors;
import dev.sluice.functions.actor.ProvisionedGroups;
import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.entity.Narrowing;
import dev.sluice.functions.entity.Page;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.plan.Feature;
import dev.sluice.functions.plan.Plans;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Creates, changes, finds and deletes directories. */
@ApplicationScoped
public class DirectoryService {
    /** What becomes of a directory's people and groups when it is deleted. */
    public enum People {
        /** They are the account's from then on, to be administered by hand. */
        KEEP,
        /** They go too, and with them all access that they have. */
        DELETE
    }

    private static final String FIND = "SELECT id, name, disabled_at FROM directory WHERE account_id = ? AND id = ?";

    private static final String COUNTS = """
            SELECT (SELECT count(*) FROM directory_user WHERE account_id = ? AND directory_id = ?) AS users,
                   (SELECT count(*) FROM directory_group WHERE account_id = ? AND directory_id = ?) AS groups
            """;

    private record Counts(long users, long groups) {}

    private final Transactions transactions;
    private final Directories directories;

    @Inject
    public DirectoryService(Transactions transactions, Directories directories) {
        this.transactions = transactions;
        this.directories = directories;
    }

    /**
     * A page of directories.
     *
     * @param name with what their names begin; null for all
     * @param called their whole name; null for all
     */
    public Page<DirectoryView> page(
            UUID accountId, PageRequest request, @Nullable String name, @Nullable String called) {
        return transactions
                .inAccount(accountId)
                .search(transaction -> directories
                        .page(accountId, request, Narrowing.NONE.named(name).called(called, "name"))
                        .map(directory -> view(transaction, directory)));
    }

    /** @throws RequestException when there is none */
    public DirectoryView get(UUID accountId, UUID id) {
        return transactions.inAccount(accountId).call(transaction -> view(transaction, directories.get(accountId, id)));
    }

    /** @throws RequestException when there is none */
    public Directory find(UUID accountId, UUID id) {
        return transactions
                .inAccount(accountId)
                .glance(transaction -> transaction
                        .first(FIND, row -> Roster.directory(accountId, row), accountId, id)
                        .orElseThrow(() -> RequestException.notFound("There is no directory " + id + ".")));
    }

    /**
     * Creates a directory that has made nobody yet.
     *
     * @throws RequestException when the name or the type is missing, the name is taken, or the plan has none
     */
    public DirectoryView create(Transaction transaction, UUID accountId, DirectoryWanted wanted) {
        if (wanted.name() == null) {
            throw RequestException.argument("name", "A new directory needs a name.");
        }
        if (wanted.type() == null) {
            throw RequestException.argument("type", "A new directory needs a type.");
        }
        Plans.require(transaction, accountId, Feature.IDP_SYNC);
        requireFree(accountId, wanted.name());
        return view(transaction, directories.added(new DirectoryEntity(accountId, wanted.name(), wanted.type())));
    }

    /** @throws RequestException when there is none of this version, the name is taken, or it has another type */
    public DirectoryView change(UUID accountId, UUID id, DirectoryWanted wanted, Expected expected) {
        return transactions.inAccount(accountId).call(transaction -> {
            var directory = directories.take(accountId, id, expected);
            if (wanted.type() != null && !wanted.type().equals(directory.type())) {
                throw RequestException.argument("type", "A directory stays of its type: create another.");
            }
            if (wanted.name() != null && !wanted.name().equals(directory.name())) {
                requireFree(accountId, wanted.name());
                directory.rename(wanted.name());
            }
            if (wanted.disabled() != null && wanted.disabled() != (directory.disabledAt() != null)) {
                if (wanted.disabled()) {
                    directory.disable(transaction.now());
                } else {
                    directory.enable();
                }
            }
            directories.flush();
            return view(transaction, directory);
        });
    }

    /**
     * Deletes a directory and its tokens.
     *
     * @param people what becomes of those that it has made; null where it is to have made none
     * @throws RequestException when there is none of this version, nothing is said of its people, or nobody would be left who
     *     can administer the account
     */
    public DirectoryView delete(UUID accountId, UUID id, @Nullable People people, Expected expected) {
        return transactions.inAccount(accountId).call(transaction -> {
            Turns.take(transaction, accountId);
            var directory = directories.take(accountId, id, expected);
            var view = view(transaction, directory);
            if (people == null && view.users() + view.groups() > 0) {
                throw RequestException.argument(
                        "people",
                        "It has made " + view.users() + " users and " + view.groups()
                                + " groups. Say with 'people' whether to keep them as the account's own, or to delete them.");
            }
            if (people == People.DELETE) {
                remove(transaction, accountId, id);
            } else {
                release(transaction, accountId, id);
            }
            transaction.update("DELETE FROM token WHERE account_id = ? AND directory_id = ?", accountId, id);
            directories.delete(directory);
            directories.flush();
            return view;
        });
    }

    private static void remove(Transaction transaction, UUID accountId, UUID id) {
        ProvisionedGroups.delete(transaction, accountId, ids(transaction, "directory_group", accountId, id));
        ProvisionedActors.delete(transaction, accountId, ids(transaction, "directory_user", accountId, id));
    }

    private static void release(Transaction transaction, UUID accountId, UUID id) {
        transaction.update("DELETE FROM directory_group WHERE account_id = ? AND directory_id = ?", accountId, id);
        transaction.update("DELETE FROM directory_user WHERE account_id = ? AND directory_id = ?", accountId, id);
        ProvisionedGroups.release(transaction, accountId, id);
        ProvisionedActors.release(transaction, accountId, id);
    }

    private static List<UUID> ids(Transaction transaction, String table, UUID accountId, UUID id) {
        return transaction.list(
                "SELECT id FROM " + table + " WHERE account_id = ? AND directory_id = ?",
                row -> row.id("id"),
                accountId,
                id);
    }

    private void requireFree(UUID accountId, String name) {
        if (directories.isTaken(accountId, name)) {
            throw RequestException.argument("name", "There is a directory '" + name + "' already.");
        }
    }

    private static DirectoryView view(Transaction transaction, DirectoryEntity directory) {
        var counts = transaction.one(
                COUNTS,
                row -> new Counts(row.number("users"), row.number("groups")),
                directory.accountId(),
                directory.id(),
                directory.accountId(),
                directory.id());
        return new DirectoryView(
                directory.id(),
                directory.name(),
                directory.type(),
                counts.users(),
                counts.groups(),
                directory.disabledAt(),
                directory.insertedAt(),
                directory.version());
    }
}
