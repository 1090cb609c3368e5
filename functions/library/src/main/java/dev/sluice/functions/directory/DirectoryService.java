package dev.sluice.functions.directory;

import dev.sluice.functions.actor.ProvisionedActors;
import dev.sluice.functions.actor.ProvisionedGroups;
import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.entity.Narrowing;
import dev.sluice.functions.entity.Page;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.plan.Feature;
import dev.sluice.functions.plan.Plans;
import dev.sluice.functions.secret.Seal;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.Turns;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
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
            SELECT (SELECT count(*) FROM directory_user WHERE account_id = d.account_id AND directory_id = d.id) AS users,
                   (SELECT count(*) FROM directory_group WHERE account_id = d.account_id AND directory_id = d.id) AS groups
            FROM directory d WHERE d.account_id = ? AND d.id = ?
            """;

    private static final String SYNC = """
            SELECT coalesce(latest.id IS NOT NULL AND latest.finished_at IS NULL, false) AS running,
                   latest.error, coalesce(latest.failures, 0)::bigint AS failures, latest.next_at,
                   (SELECT max(finished_at) FROM directory_run r
                    WHERE r.account_id = d.account_id AND r.directory_id = d.id AND r.outcome <> 'failed') AS succeeded_at,
                   held.users, held.groups, held.members
            FROM directory d
            LEFT JOIN LATERAL (
                SELECT * FROM directory_run r WHERE r.account_id = d.account_id AND r.directory_id = d.id
                ORDER BY r.started_at DESC LIMIT 1) AS latest ON true
            CROSS JOIN LATERAL (
                SELECT count(*) FILTER (WHERE kind = 'user') AS users, count(*) FILTER (WHERE kind = 'group') AS groups,
                       count(*) FILTER (WHERE kind = 'member') AS members
                FROM directory_held h WHERE h.account_id = d.account_id AND h.directory_id = d.id AND NOT h.kept) AS held
            WHERE d.account_id = ? AND d.id = ?
            """;

    /** After its set-up link was made. */
    private static final Duration LINKED_WITHIN = Duration.ofMinutes(5);

    private record Counts(long users, long groups) {}

    private final Transactions transactions;
    private final Directories directories;
    private final Seal seal;

    @Inject
    public DirectoryService(Transactions transactions, Directories directories, Seal seal) {
        this.transactions = transactions;
        this.directories = directories;
        this.seal = seal;
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
                        .first(FIND, row -> Directory.read(accountId, row), accountId, id)
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
        var directory = new DirectoryEntity(accountId, wanted.name(), DirectoryType.of(wanted.type()));
        ask(directory, wanted);
        return view(transaction, directories.added(directory));
    }

    /** @throws RequestException when there is none of this version, the name is taken, or it has another type */
    public DirectoryView change(UUID accountId, UUID id, DirectoryWanted wanted, Expected expected) {
        return transactions.inAccount(accountId).call(transaction -> {
            var directory = directories.take(accountId, id, expected);
            if (wanted.type() != null && !wanted.type().equals(directory.type().word())) {
                throw RequestException.argument("type", "A directory stays of its type: create another.");
            }
            if (wanted.name() != null && !wanted.name().equals(directory.name())) {
                requireFree(accountId, wanted.name());
                directory.rename(wanted.name());
            }
            ask(directory, wanted);
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
            // In the order of all who do what it says: two who wait for each other would be tried again, one of them.
            Roster.lock(transaction, id);
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

    /** Of what is needed to ask it, all is there or nothing is changed. */
    private void ask(DirectoryEntity directory, DirectoryWanted wanted) {
        boolean isEntra = directory.type() == DirectoryType.ENTRA;
        if (!isEntra && (wanted.tenantId() != null || wanted.clientId() != null || wanted.clientSecret() != null)) {
            throw RequestException.invalid(
                    "Only a directory of type entra has a tenant_id, client_id and client_secret.");
        }
        if (!isEntra) {
            return;
        }
        String tenant = wanted.tenantId() == null ? directory.tenantId() : wanted.tenantId();
        String client = wanted.clientId() == null ? directory.clientId() : wanted.clientId();
        if (tenant == null) {
            throw RequestException.argument("tenant_id", "'tenant_id' is missing: which tenant it is.");
        }
        if (client == null) {
            throw RequestException.argument("client_id", "'client_id' is missing: as which application to ask it.");
        }
        if (wanted.clientSecret() == null && !directory.hasClientSecret()) {
            throw RequestException.argument(
                    "client_secret", "'client_secret' is missing: by what it knows the application.");
        }
        directory.ask(tenant, client);
        if (wanted.clientSecret() != null) {
            directory.knowUsBy(seal.seal(directory.id(), wanted.clientSecret()));
        }
    }

    /**
     * Has a directory be asked as soon as may be.
     *
     * @throws RequestException when there is none, or it is none that is asked
     */
    public DirectoryView want(UUID accountId, UUID id) {
        return transactions.inAccount(accountId).call(transaction -> {
            var directory = asked(directories.take(accountId, id, Expected.ANY));
            if (directory.disabledAt() != null) {
                throw RequestException.conflict("The directory is disabled: enable it first.");
            }
            if (directory.type() == DirectoryType.WORKOS && directory.organizationId() == null) {
                throw RequestException.conflict("No directory is linked yet: make a set-up link, and follow it.");
            }
            directory.want(transaction.now());
            directories.flush();
            return view(transaction, directory);
        });
    }

    /** Has it be asked some time from now, unless that is wanted already. */
    public static void want(Transaction transaction, UUID accountId, UUID id, Duration from) {
        transaction.update(
                "UPDATE directory SET wanted_at = now() + ? * interval '1 millisecond'"
                        + " WHERE account_id = ? AND id = ? AND (wanted_at IS NULL OR wanted_at <= now())",
                from.toMillis(),
                accountId,
                id);
    }

    /** Keeps the organization of WorkOS that was made for a directory, unless it has one; says which it has. */
    public String belong(UUID accountId, UUID id, String organization) {
        return transactions.inAccount(accountId).call(transaction -> {
            var directory = directories.take(accountId, id, Expected.ANY);
            String there = directory.organizationId();
            if (there != null) {
                return there;
            }
            directory.belongTo(organization);
            // By then it may be linked.
            directory.want(transaction.now().plus(LINKED_WITHIN));
            directories.flush();
            return organization;
        });
    }

    /** Keeps which directory of WorkOS it is. */
    public static void link(Transaction transaction, Directory directory, String source) {
        transaction.update(
                "UPDATE directory SET source_id = ? WHERE account_id = ? AND id = ?",
                source,
                directory.accountId(),
                directory.id());
    }

    /** Disables a directory that there is no more where it was asked. Its people stay as they are. */
    public static void disable(Transaction transaction, UUID accountId, UUID id) {
        transaction.update(
                "UPDATE directory SET disabled_at = now() WHERE account_id = ? AND id = ? AND disabled_at IS NULL",
                accountId,
                id);
    }

    private static DirectoryEntity asked(DirectoryEntity directory) {
        if (!directory.type().isAsked()) {
            throw RequestException.conflict("The directory is not asked: it calls the portal.");
        }
        return directory;
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
                directory.id());
        return new DirectoryView(
                directory.id(),
                directory.name(),
                directory.type().word(),
                counts.users(),
                counts.groups(),
                directory.tenantId(),
                directory.clientId(),
                directory.type() == DirectoryType.WORKOS ? directory.sourceId() != null : null,
                directory.type().isAsked()
                        ? transaction.one(SYNC, DirectoryService::sync, directory.accountId(), directory.id())
                        : null,
                directory.disabledAt(),
                directory.insertedAt(),
                directory.version());
    }

    private static SyncView sync(Row row) {
        return new SyncView(
                row.flag("running"),
                row.optionalInstant("succeeded_at"),
                row.optionalText("error"),
                row.number("failures"),
                row.optionalInstant("next_at"),
                row.number("users"),
                row.number("groups"),
                row.number("members"));
    }
}
