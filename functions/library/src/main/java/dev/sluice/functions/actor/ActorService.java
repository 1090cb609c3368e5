package dev.sluice.functions.actor;

import dev.sluice.functions.sql.Ids;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Lists actors and groups, and makes them for the seeds. */
@ApplicationScoped
public class ActorService {
    private static final String ACTORS = """
            SELECT id, type, name, email, disabled_at IS NOT NULL AS disabled FROM actor WHERE account_id = ?
            """;

    private static final String GROUPS = """
            SELECT id, name, type = 'everyone' AS everyone FROM actor_group WHERE account_id = ?
            """;

    private final Transactions transactions;

    @Inject
    public ActorService(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * Actors by name.
     *
     * @param atMost so many of them; all if null
     */
    public List<Actor> list(UUID accountId, @Nullable Integer atMost) {
        return transactions.call(transaction -> transaction.list(
                ACTORS + "ORDER BY name, id LIMIT ?::bigint", ActorService::readActor, accountId, atMost));
    }

    /** The actors of this id, name or address; some, if there are very many. */
    public List<Actor> called(UUID accountId, String reference) {
        return transactions.call(transaction -> transaction.list(
                ACTORS + "AND (id = ?::uuid OR name = ? OR email = ?) ORDER BY name, id LIMIT " + Ids.SOME,
                ActorService::readActor,
                accountId,
                Ids.parse(reference),
                reference,
                reference));
    }

    /**
     * Groups by name.
     *
     * @param atMost so many of them; all if null
     */
    public List<Group> groups(UUID accountId, @Nullable Integer atMost) {
        return transactions.call(transaction -> transaction.list(
                GROUPS + "ORDER BY name, id LIMIT ?::bigint", ActorService::readGroup, accountId, atMost));
    }

    /** The groups of this id or name. */
    public List<Group> groupsCalled(UUID accountId, String reference) {
        return transactions.call(transaction -> transaction.list(
                GROUPS + "AND (id = ?::uuid OR name = ?) ORDER BY name, id",
                ActorService::readGroup,
                accountId,
                Ids.parse(reference),
                reference));
    }

    /** Makes an actor as part of another transaction. */
    public void create(
            Transaction transaction, UUID accountId, UUID id, Actor.Type type, String name, @Nullable String email) {
        transaction.update(
                "INSERT INTO actor (id, account_id, type, name, email) VALUES (?, ?, ?, ?, ?)",
                id,
                accountId,
                type.word(),
                name,
                email);
    }

    /** Makes a static group with these members as part of another transaction. */
    public void createGroup(Transaction transaction, UUID accountId, UUID id, String name, List<UUID> actorIds) {
        transaction.update(
                "INSERT INTO actor_group (id, account_id, name, type) VALUES (?, ?, ?, 'static')", id, accountId, name);
        for (var actorId : actorIds) {
            transaction.update(
                    "INSERT INTO membership (account_id, group_id, actor_id) VALUES (?, ?, ?)", accountId, id, actorId);
        }
    }

    private static Group readGroup(Row row) {
        return new Group(row.id("id"), row.text("name"), row.flag("everyone"));
    }

    private static Actor readActor(Row row) {
        return new Actor(
                row.id("id"),
                Actor.Type.of(row.text("type")),
                row.text("name"),
                row.optionalText("email"),
                row.flag("disabled"));
    }
}
