package dev.sluice.functions.directory.scim;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.functions.actor.ProvisionedGroups.Member;
import dev.sluice.functions.directory.Directory;
import dev.sluice.functions.directory.Roster;
import dev.sluice.functions.directory.scim.ScimGroup.Change;
import dev.sluice.functions.entity.Expected;
import dev.sluice.functions.plan.Feature;
import dev.sluice.functions.plan.Plans;
import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.TypedArray;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A directory's groups. */
@ApplicationScoped
public class ScimGroups {
    private static final String COLUMNS = "id, external_id, display_name, inserted_at, updated_at, version";

    private static final String OF_DIRECTORY = " FROM directory_group WHERE account_id = ? AND directory_id = ?";

    private static final String ONE = "SELECT " + COLUMNS + OF_DIRECTORY + " AND id = ?";

    private static final String TAKEN = "SELECT" + OF_DIRECTORY + " AND id <> ? AND external_id = ?";

    private static final String MEMBERS = """
            SELECT u.id, u.user_name FROM membership m
            JOIN directory_user u ON u.account_id = m.account_id AND u.id = m.actor_id
            WHERE m.account_id = ? AND m.group_id = ? ORDER BY u.id
            """;

    private static final String STRANGERS = """
            SELECT count(*) AS count FROM unnest(?::uuid[]) AS wanted (id)
            WHERE NOT EXISTS (SELECT FROM directory_user u WHERE u.account_id = ? AND u.directory_id = ? AND u.id = wanted.id)
            """;

    /** As it is kept. */
    record Kept(UUID id, ScimGroup group, Instant insertedAt, Instant updatedAt, long version) {
        static Kept read(Row row) {
            return new Kept(
                    row.id("id"),
                    new ScimGroup(row.text("display_name"), row.optionalText("external_id")),
                    row.instant("inserted_at"),
                    row.instant("updated_at"),
                    row.number("version"));
        }
    }

    /** A group as it is answered, and the version for its tag. */
    record Shown(ObjectNode body, UUID id, long version) {}

    private final Transactions transactions;

    @Inject
    public ScimGroups(Transactions transactions) {
        this.transactions = transactions;
    }

    /** @throws ScimException when there is none */
    Shown get(Directory directory, UUID id, ScimView view) {
        return transactions
                .inAccount(directory.accountId())
                .call(transaction -> shown(transaction, directory, id, view));
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
            List<Kept> found = transaction.list(
                    "SELECT " + COLUMNS + OF_DIRECTORY + filter.sql() + " ORDER BY id LIMIT ? OFFSET ?",
                    Kept::read,
                    all.toArray());
            return page.of(
                    total,
                    found.stream()
                            .map(group -> view.of(group, members(transaction, directory, group.id(), view)))
                            .toList());
        });
    }

    Shown create(Directory directory, ScimGroup group, Set<UUID> members, ScimView view) {
        return transactions.inAccount(directory.accountId()).call(transaction -> {
            Plans.require(transaction, directory.accountId(), Feature.IDP_SYNC);
            Roster.lock(transaction, directory);
            UUID id = Ids.next();
            requireFree(transaction, directory, id, group.externalId());
            Roster.addGroups(transaction, directory, List.of(group.of(id)));
            change(transaction, directory, id, new Change.Add(members));
            return shown(transaction, directory, id, view);
        });
    }

    /**
     * Changes a group. Who is in it no more loses what they reached by it at once.
     *
     * @param change of what it is to what it is to be
     */
    Shown change(
            Directory directory,
            UUID id,
            Expected expected,
            Function<ScimGroup, ScimGroup.Patched> change,
            ScimView view) {
        return transactions.inAccount(directory.accountId()).call(transaction -> {
            Roster.lock(transaction, directory);
            Kept before = one(transaction, directory, id);
            expected.require("group", before.version());
            var patched = change.apply(before.group());
            requireFree(transaction, directory, id, patched.group().externalId());
            Roster.changeGroups(transaction, directory, List.of(patched.group().of(id)));
            patched.changes().forEach(of -> change(transaction, directory, id, of));
            return shown(transaction, directory, id, view);
        });
    }

    void delete(Directory directory, UUID id, Expected expected) {
        transactions.inAccount(directory.accountId()).run(transaction -> {
            Roster.lock(transaction, directory);
            expected.require("group", one(transaction, directory, id).version());
            Roster.removeGroups(transaction, directory, List.of(id));
        });
    }

    private static void change(Transaction transaction, Directory directory, UUID id, Change change) {
        switch (change) {
            case Change.Add add -> {
                requireUsers(transaction, directory, add.members());
                Roster.addMembers(transaction, directory, of(id, add.members()));
            }
            case Change.Remove remove -> Roster.removeMembers(transaction, directory, of(id, remove.members()));
            case Change.Replace replace -> {
                requireUsers(transaction, directory, replace.members());
                Roster.addMembers(transaction, directory, of(id, replace.members()));
                Roster.removeOthers(transaction, directory, id, replace.members());
            }
        }
    }

    private static List<Member> of(UUID group, Set<UUID> members) {
        return members.stream().map(member -> new Member(group, member)).toList();
    }

    private static void requireUsers(Transaction transaction, Directory directory, Set<UUID> members) {
        long strangers = transaction.one(
                STRANGERS,
                row -> row.number("count"),
                TypedArray.ofIds(members),
                directory.accountId(),
                directory.id());
        if (strangers > 0) {
            throw ScimException.value(strangers + " of the members are no users of the directory. Members are users:"
                    + " a group in a group is not supported.");
        }
    }

    private static void requireFree(
            Transaction transaction, Directory directory, UUID id, @Nullable String externalId) {
        if (externalId != null
                && transaction
                        .first(TAKEN, row -> true, directory.accountId(), directory.id(), id, externalId)
                        .isPresent()) {
            throw ScimException.uniqueness("The directory has a group of this externalId already.");
        }
    }

    private static Kept one(Transaction transaction, Directory directory, UUID id) {
        return transaction
                .first(ONE, Kept::read, directory.accountId(), directory.id(), id)
                .orElseThrow(ScimException::missing);
    }

    private static Shown shown(Transaction transaction, Directory directory, UUID id, ScimView view) {
        Kept group = one(transaction, directory, id);
        return new Shown(view.of(group, members(transaction, directory, id, view)), id, group.version());
    }

    private static @Nullable ArrayNode members(Transaction transaction, Directory directory, UUID id, ScimView view) {
        if (!view.has(ScimGroup.MEMBERS)) {
            return null;
        }
        ArrayNode members = ScimJson.many(ScimJson.object().path(ScimGroup.MEMBERS));
        transaction
                .list(MEMBERS, row -> view.member(row.id("id"), row.text("user_name")), directory.accountId(), id)
                .forEach(members::add);
        return members;
    }
}
