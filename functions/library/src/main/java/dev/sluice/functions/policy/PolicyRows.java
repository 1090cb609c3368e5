package dev.sluice.functions.policy;

import dev.sluice.functions.sql.Pipeline;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/** By which policies clients reach resources, the disabled ones too: those of the groups that the client's actor belongs to. */
public final class PolicyRows {
    /** A policy by which one client reaches one resource. */
    public record Reaching(UUID clientId, UUID resourceId, PolicyChoice.Candidate policy) {}

    /**
     * A policy about one resource.
     *
     * @param group what the group is called to which it gives access
     * @param reaches whether the actor is in it
     */
    public record About(UUID groupId, String group, boolean reaches, PolicyChoice.Candidate policy) {}

    private static final String COLUMNS = """
            SELECT c.id AS client_id, p.resource_id, p.id, reached.membership_id, p.disabled_at IS NULL AS enabled,
                   p.conditions
            """;

    private static final String ALL = COLUMNS + """
            FROM client c
            JOIN reached_actor reached ON reached.account_id = c.account_id AND reached.actor_id = c.actor_id
            JOIN policy p ON p.account_id = reached.account_id AND p.group_id = reached.group_id
            WHERE c.account_id = current_account() AND c.id = ANY (?)
            ORDER BY p.id
            """;

    /**
     * Whether somebody is in a group is asked for each policy of a resource, of which there are few, whatever the planner
     * thinks: plans are kept, and one that was made while an account was small would go through all its people and groups,
     * also through those whom a directory is just adding.
     */
    private static final String OF_RESOURCE = COLUMNS + """
            FROM client c
            %s
            CROSS JOIN LATERAL (
                SELECT r.membership_id FROM reached_actor r
                WHERE r.account_id = p.account_id AND r.group_id = p.group_id AND r.actor_id = c.actor_id OFFSET 0) AS reached
            WHERE c.account_id = current_account() AND %s
            ORDER BY p.id
            """;

    private static final String ASKED = OF_RESOURCE.formatted("""
            JOIN unnest(?::uuid[], ?::uuid[]) AS asked (client_id, resource_id) ON asked.client_id = c.id
            JOIN policy p ON p.account_id = c.account_id AND p.resource_id = asked.resource_id
            """, "c.id = ANY (?)");

    private static final String ONE =
            OF_RESOURCE.formatted("JOIN policy p ON p.account_id = c.account_id", "c.id = ? AND p.resource_id = ?");

    private static final String ABOUT = """
            SELECT p.id, p.disabled_at IS NULL AS enabled, p.conditions, g.id AS group_id, g.name AS group_name,
                   reached.actor_id IS NOT NULL AS reaches, reached.membership_id
            FROM policy p
            JOIN actor_group g ON g.account_id = p.account_id AND g.id = p.group_id
            LEFT JOIN reached_actor reached ON reached.account_id = p.account_id AND reached.group_id = p.group_id
                AND reached.actor_id = ?
            WHERE p.account_id = ? AND p.resource_id = ?
            ORDER BY p.id
            """;

    private PolicyRows() {}

    /** All by which the clients reach anything, read when the pipeline is sent. */
    public static Supplier<List<Reaching>> all(Pipeline pipeline, List<UUID> clientIds) {
        return pipeline.list(ALL, PolicyRows::read, clientIds);
    }

    /**
     * Those by which clients reach certain resources.
     *
     * @param resourceIds one for each client of the list, which may be in it several times
     */
    public static List<Reaching> asked(Transaction transaction, List<UUID> clientIds, List<UUID> resourceIds) {
        return transaction.list(ASKED, PolicyRows::read, clientIds, resourceIds, clientIds);
    }

    /** Those by which a client reaches a resource, read when the pipeline is sent. */
    public static Supplier<List<Reaching>> one(Pipeline pipeline, UUID clientId, UUID resourceId) {
        return pipeline.list(ONE, PolicyRows::read, clientId, resourceId);
    }

    /** All about a resource, and whether each reaches an actor. */
    public static List<About> about(Transaction transaction, UUID accountId, UUID actorId, UUID resourceId) {
        return transaction.list(
                ABOUT,
                row -> new About(row.id("group_id"), row.text("group_name"), row.flag("reaches"), policy(row)),
                actorId,
                accountId,
                resourceId);
    }

    private static Reaching read(Row row) {
        return new Reaching(row.id("client_id"), row.id("resource_id"), policy(row));
    }

    static PolicyChoice.Candidate policy(Row row) {
        return new PolicyChoice.Candidate(
                row.id("id"),
                row.optionalId("membership_id"),
                row.flag("enabled"),
                Condition.fromJson(row.text("conditions")));
    }
}
