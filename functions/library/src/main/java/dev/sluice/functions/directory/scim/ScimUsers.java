package dev.sluice.functions.directory.scim;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.functions.directory.Directory;
import dev.sluice.functions.directory.Losses;
import dev.sluice.functions.directory.Roster;
import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.plan.Feature;
import dev.sluice.functions.plan.Plans;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A directory's users. */
@ApplicationScoped
public class ScimUsers {
    private static final String COLUMNS =
            "id, external_id, user_name, active, resource, inserted_at, updated_at, version";

    private static final String OF_DIRECTORY = " FROM directory_user WHERE account_id = ? AND directory_id = ?";

    private static final String ONE = "SELECT " + COLUMNS + OF_DIRECTORY + " AND id = ?";

    private static final String TAKEN = """
            SELECT user_key = ? AS by_name FROM directory_user
            WHERE account_id = ? AND directory_id = ? AND id <> ? AND (user_key = ? OR external_id = ?) LIMIT 1
            """;

    /** As it is kept. */
    record Kept(UUID id, ScimUser user, Instant insertedAt, Instant updatedAt, long version) {
        static Kept read(Row row) {
            return new Kept(
                    row.id("id"),
                    new ScimUser(
                            row.text("user_name"),
                            row.optionalText("external_id"),
                            row.flag("active"),
                            ScimJson.stored(row.text("resource"))),
                    row.instant("inserted_at"),
                    row.instant("updated_at"),
                    row.number("version"));
        }

        boolean isActive() {
            return Boolean.TRUE.equals(user.active());
        }
    }

    private final Transactions transactions;
    private final Losses losses;

    @Inject
    public ScimUsers(Transactions transactions, Losses losses) {
        this.transactions = transactions;
        this.losses = losses;
    }

    /** @throws ScimException when there is none */
    Kept get(Directory directory, UUID id) {
        return transactions.inAccount(directory.accountId()).call(transaction -> one(transaction, directory, id));
    }

    /** A part of the list. */
    ObjectNode list(Directory directory, ScimFilter filter, ScimPage page, ScimView view) {
        List<Object> of = new ArrayList<>(List.of(directory.accountId(), directory.id()));
        of.addAll(filter.parameters());
        List<Object> all = new ArrayList<>(of);
        all.add(page.count());
        all.add(page.offset());
        return transactions.inAccount(directory.accountId()).search(transaction -> {
            long total = transaction.one(
                    "SELECT count(*) AS total" + OF_DIRECTORY + filter.sql(), row -> row.number("total"), of.toArray());
            List<ObjectNode> found = transaction.list(
                    "SELECT " + COLUMNS + OF_DIRECTORY + filter.sql() + " ORDER BY id LIMIT ? OFFSET ?",
                    row -> view.of(Kept.read(row)),
                    all.toArray());
            return page.of(total, found);
        });
    }

    Kept create(Directory directory, ScimUser user) {
        return transactions.inAccount(directory.accountId()).call(transaction -> {
            Plans.require(transaction, directory.accountId(), Feature.IDP_SYNC);
            Roster.lock(transaction, directory);
            UUID id = Ids.next();
            requireFree(transaction, directory, id, user);
            Roster.addUsers(transaction, directory, List.of(user.of(id, true)));
            return one(transaction, directory, id);
        });
    }

    /**
     * Changes a user. Who was active and is not any more loses all that they have at once.
     *
     * @param change of what they are to what they are to be
     */
    Kept change(Directory directory, UUID id, Expected expected, UnaryOperator<ScimUser> change) {
        return transactions.inAccount(directory.accountId()).call(transaction -> {
            Roster.lock(transaction, directory);
            Kept before = one(transaction, directory, id);
            expected.require("user", before.version());
            Roster.User wanted = change.apply(before.user()).of(id, before.isActive());
            requireFree(transaction, directory, id, before.user(), wanted);
            Roster.changeUsers(transaction, directory, List.of(wanted));
            if (before.isActive() && !wanted.active()) {
                losses.count(transaction, directory, Roster.suspend(transaction, directory, List.of(id)));
            } else if (!before.isActive() && wanted.active()) {
                Roster.resume(transaction, directory, List.of(id));
            }
            return one(transaction, directory, id);
        });
    }

    void delete(Directory directory, UUID id, Expected expected) {
        transactions.inAccount(directory.accountId()).run(transaction -> {
            Roster.lock(transaction, directory);
            expected.require("user", one(transaction, directory, id).version());
            Roster.removeUsers(transaction, directory, List.of(id));
            losses.count(transaction, directory, 1);
        });
    }

    private static Kept one(Transaction transaction, Directory directory, UUID id) {
        return transaction
                .first(ONE, Kept::read, directory.accountId(), directory.id(), id)
                .orElseThrow(ScimException::missing);
    }

    /** Only what changes is held against the others: two of one name may be there from another time. */
    private static void requireFree(
            Transaction transaction, Directory directory, UUID id, ScimUser before, Roster.User wanted) {
        boolean same = Roster.key(before.userName()).equals(Roster.key(wanted.userName()));
        if (!same || !Objects.equals(before.externalId(), wanted.externalId())) {
            requireFree(transaction, directory, id, wanted.userName(), wanted.externalId());
        }
    }

    private static void requireFree(Transaction transaction, Directory directory, UUID id, ScimUser user) {
        requireFree(transaction, directory, id, user.userName(), user.externalId());
    }

    private static void requireFree(
            Transaction transaction, Directory directory, UUID id, String userName, @Nullable String externalId) {
        String key = Roster.key(userName);
        transaction
                .first(
                        TAKEN,
                        row -> row.flag("by_name"),
                        key,
                        directory.accountId(),
                        directory.id(),
                        id,
                        key,
                        externalId)
                .ifPresent(byName -> {
                    throw ScimException.uniqueness(
                            "The directory has a user of this " + (byName ? "userName" : "externalId") + " already.");
                });
    }
}
