package dev.sluice.functions.policy;

import dev.sluice.functions.entity.Listing;
import dev.sluice.functions.entity.Page;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Who may reach what, by the policies that are enabled, of actors that are: what an admin wants to see before something
 * happens. Whether conditions hold shows at the moment of an ask only, so they are named.
 */
@ApplicationScoped
public class AccessOverview {
    /** A policy by which somebody reaches something. */
    public record Way(UUID policyId, UUID actorGroupId, String actorGroup, List<Condition> conditions) {}

    /**
     * An actor who may reach a resource.
     *
     * @param email who has one
     * @param ways of which one is enough, if all its conditions hold at the moment of an ask
     */
    public record Reaching(UUID id, String name, @Nullable String email, List<Way> ways) {}

    /**
     * A resource that an actor may reach.
     *
     * @param address what has one
     * @param ways of which one is enough, if all its conditions hold at the moment of an ask
     */
    public record Reached(UUID id, String name, @Nullable String address, List<Way> ways) {}

    private static final String WAYS = """
            (SELECT p.account_id, p.resource_id, reached.actor_id,
                    array_agg(p.id ORDER BY p.id) AS policy_ids, array_agg(g.id ORDER BY p.id) AS group_ids,
                    array_agg(g.name ORDER BY p.id) AS group_names,
                    array_agg(p.conditions::text ORDER BY p.id) AS conditions
             FROM policy p
             JOIN reached_actor reached ON reached.account_id = p.account_id AND reached.group_id = p.group_id
             JOIN actor_group g ON g.account_id = p.account_id AND g.id = p.group_id
             WHERE p.disabled_at IS NULL
             GROUP BY p.account_id, p.resource_id, reached.actor_id) AS way
            """;

    private static final String ACTORS =
            WAYS + " JOIN actor a ON a.account_id = way.account_id AND a.id = way.actor_id";

    private static final String RESOURCES =
            WAYS + " JOIN resource r ON r.account_id = way.account_id AND r.id = way.resource_id";

    private final Transactions transactions;

    @Inject
    public AccessOverview(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * A page of those who may reach a resource.
     *
     * @throws RequestException when there is no such resource
     */
    public Page<Reaching> toResource(UUID accountId, UUID resourceId, PageRequest request) {
        return list(
                accountId,
                "resource",
                resourceId,
                new Listing("way.*, a.name, a.email", ACTORS, "way.actor_id").with("way.resource_id", resourceId),
                request,
                row -> new Reaching(row.id("actor_id"), row.text("name"), row.optionalText("email"), ways(row)),
                Reaching::id);
    }

    /**
     * A page of what an actor may reach.
     *
     * @throws RequestException when there is no such actor
     */
    public Page<Reached> ofActor(UUID accountId, UUID actorId, PageRequest request) {
        return list(
                accountId,
                "actor",
                actorId,
                new Listing("way.*, r.name, r.address", RESOURCES, "way.resource_id").with("way.actor_id", actorId),
                request,
                row -> new Reached(row.id("resource_id"), row.text("name"), row.optionalText("address"), ways(row)),
                Reached::id);
    }

    private <T> Page<T> list(
            UUID accountId,
            String of,
            UUID id,
            Listing ways,
            PageRequest request,
            Function<Row, T> read,
            Function<T, UUID> idOf) {
        ways.with("way.account_id", accountId).uncounted();
        return transactions.inAccount(accountId).search(transaction -> {
            if (transaction
                    .first("SELECT FROM " + of + " WHERE account_id = ? AND id = ?", row -> true, accountId, id)
                    .isEmpty()) {
                throw RequestException.notFound("There is no " + of + " " + id + ".");
            }
            return ways.page(transaction, request, read, idOf);
        });
    }

    private static List<Way> ways(Row row) {
        var policies = row.ids("policy_ids");
        var groups = row.ids("group_ids");
        var names = row.texts("group_names");
        var conditions = row.texts("conditions");
        return IntStream.range(0, policies.size())
                .mapToObj(at -> new Way(
                        policies.get(at), groups.get(at), names.get(at), Condition.fromJson(conditions.get(at))))
                .toList();
    }
}
