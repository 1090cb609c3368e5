package dev.sluice.functions.policy;

import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who may reach what, by the policies that are enabled, of actors that are: what an admin wants to see before something
 * happens. Whether conditions hold shows at the moment of an ask only, so they are named.
 */
@ApplicationScoped
public class AccessOverview {
    /**
     * One way by which an actor may reach a resource.
     *
     * @param email of the actor, who may have none
     * @param address of the resource, which may have none
     * @param conditions all of which must hold at the moment of an ask
     */
    public record Way(
            UUID actorId,
            String actor,
            @Nullable String email,
            UUID resourceId,
            String resource,
            @Nullable String address,
            String group,
            UUID policyId,
            List<Condition> conditions) {}

    private static final String WAYS = """
            SELECT a.id AS actor_id, a.name AS actor, a.email, r.id AS resource_id, r.name AS resource, r.address,
                   g.name AS group_name, p.id AS policy_id, p.conditions
            FROM reached_actor reached
            JOIN actor a ON a.account_id = reached.account_id AND a.id = reached.actor_id
            JOIN actor_group g ON g.account_id = reached.account_id AND g.id = reached.group_id
            JOIN policy p ON p.account_id = reached.account_id AND p.group_id = reached.group_id AND p.disabled_at IS NULL
            JOIN resource r ON r.account_id = p.account_id AND r.id = p.resource_id
            WHERE reached.account_id = ? AND %s = ?
            ORDER BY %s, p.id LIMIT ?
            """;

    private static final String TO_RESOURCE = String.format(Locale.ROOT, WAYS, "p.resource_id", "a.name, a.id");
    private static final String OF_ACTOR = String.format(Locale.ROOT, WAYS, "reached.actor_id", "r.name, r.id");

    private final Transactions transactions;

    @Inject
    public AccessOverview(Transactions transactions) {
        this.transactions = transactions;
    }

    /** The ways to a resource, by the actors' names. */
    public List<Way> toResource(UUID accountId, UUID resourceId, int atMost) {
        return list(TO_RESOURCE, accountId, resourceId, atMost);
    }

    /** The ways that an actor has, by the resources' names. */
    public List<Way> ofActor(UUID accountId, UUID actorId, int atMost) {
        return list(OF_ACTOR, accountId, actorId, atMost);
    }

    private List<Way> list(String sql, UUID accountId, UUID id, int atMost) {
        return transactions.call(
                transaction -> transaction.list(sql, AccessOverview::read, accountId, id, (long) atMost));
    }

    private static Way read(Row row) {
        return new Way(
                row.id("actor_id"),
                row.text("actor"),
                row.optionalText("email"),
                row.id("resource_id"),
                row.text("resource"),
                row.optionalText("address"),
                row.text("group_name"),
                row.id("policy_id"),
                Condition.fromJson(row.text("conditions")));
    }
}
