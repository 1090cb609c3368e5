package dev.sluice.functions.flow;

import dev.sluice.functions.entity.Listing;
import dev.sluice.functions.entity.Page;
import dev.sluice.functions.entity.PageRequest;
import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.TypedArray;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What an admin sees of flows, and does with them. */
@ApplicationScoped
public class FlowService {
    private static final String COLUMNS = """
            f.id, f.state, f.generation, f.expires_at, a.id AS actor_id, a.name AS actor, f.client_id, c.name AS client,
            f.resource_id, r.name AS resource, f.gateway_id, g.name AS gateway, f.policy_id, f.inserted_at
            """;

    private static final String FROM = """
            flow f JOIN client c ON c.account_id = f.account_id AND c.id = f.client_id
            JOIN actor a ON a.account_id = c.account_id AND a.id = c.actor_id
            JOIN resource r ON r.account_id = f.account_id AND r.id = f.resource_id
            JOIN gateway g ON g.account_id = f.account_id AND g.id = f.gateway_id
            """;

    private static final String ONE = "SELECT " + COLUMNS + " FROM " + FROM + " WHERE f.account_id = ? AND f.id = ?";

    private static final String SHORTEN = """
            WITH shortened AS (
                UPDATE flow SET expires_at = least(expires_at, now() + ? * interval '1 millisecond')
                WHERE account_id = ? AND id = ? RETURNING *)
            INSERT INTO audit_entry (account_id, action, subject, flow_id, client_id, resource_id, gateway_id,
                                     policy_id, generation, expires_at)
            SELECT account_id, 'flow_shortened', subject(), id, client_id, resource_id, gateway_id, policy_id,
                   generation, expires_at
            FROM shortened
            """;

    private final Transactions transactions;

    @Inject
    public FlowService(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * A page of the flows of an account.
     *
     * @param actorId those of theirs; of anybody's if null
     * @param clientId those of it; of any if null
     * @param resourceId those to it; to any if null
     */
    public Page<Flow> page(
            UUID accountId,
            @Nullable UUID actorId,
            @Nullable UUID clientId,
            @Nullable UUID resourceId,
            PageRequest request) {
        return transactions
                .inAccount(accountId)
                .search(transaction -> new Listing(COLUMNS, FROM, "f.id")
                        .where("f.account_id = ?", accountId)
                        .with("c.actor_id", actorId)
                        .with("f.client_id", clientId)
                        .with("f.resource_id", resourceId)
                        .page(transaction, request, FlowService::read, Flow::id));
    }

    /** The flow of this id. */
    public Optional<Flow> find(UUID accountId, UUID id) {
        return transactions
                .inAccount(accountId)
                .call(transaction -> transaction.first(ONE, FlowService::read, accountId, id));
    }

    /** @throws RequestException when there is none */
    public Flow get(UUID accountId, UUID id) {
        return transactions.inAccount(accountId).call(transaction -> get(transaction, accountId, id));
    }

    /**
     * Lets one flow end after this time, unless it ends sooner; its gateway is told.
     *
     * @throws RequestException when there is no such flow
     */
    public Flow expire(UUID accountId, UUID id, Duration in) {
        return transactions.inAccount(accountId).call(transaction -> {
            transaction.update(SHORTEN, in.toMillis(), accountId, id);
            return get(transaction, accountId, id);
        });
    }

    /**
     * Ends a flow at once: its gateway drops the access, and the client is told. A client whom a policy still allows it may
     * ask again.
     *
     * @throws RequestException when there is no such flow
     */
    public Flow end(UUID accountId, UUID id) {
        return transactions.inAccount(accountId).call(transaction -> {
            var flow = get(transaction, accountId, id);
            end(transaction, accountId, "id = ?", id);
            return flow;
        });
    }

    /**
     * Ends flows at once, as {@link #end}.
     *
     * @param clientId those of it; of any if null
     * @param resourceId those to it; to any if null
     * @return how many there were
     */
    public int endAll(UUID accountId, @Nullable UUID clientId, @Nullable UUID resourceId) {
        var which = new StringJoiner(" AND ").setEmptyValue("true");
        var values = new ArrayList<UUID>();
        if (clientId != null) {
            which.add("client_id = ?");
            values.add(clientId);
        }
        if (resourceId != null) {
            which.add("resource_id = ?");
            values.add(resourceId);
        }
        return transactions
                .inAccount(accountId)
                .call(transaction -> end(transaction, accountId, which.toString(), values.toArray(UUID[]::new)));
    }

    private static int end(Transaction transaction, UUID accountId, String which, UUID... values) {
        var parameters = new ArrayList<@Nullable Object>(List.of(values));
        parameters.addFirst(accountId);
        var locked = transaction.list(
                "SELECT id FROM flow WHERE account_id = ? AND " + which + " ORDER BY id FOR UPDATE",
                row -> row.id("id"),
                parameters.toArray());
        transaction.list("SELECT end_flows('flow_deleted', ?)", row -> true, TypedArray.ofIds(locked));
        return locked.size();
    }

    private static Flow get(Transaction transaction, UUID accountId, UUID id) {
        return transaction
                .first(ONE, FlowService::read, accountId, id)
                .orElseThrow(() -> RequestException.notFound("There is no flow " + id + "."));
    }

    private static Flow read(Row row) {
        return new Flow(
                row.id("id"),
                Flow.State.valueOf(row.text("state").toUpperCase(Locale.ROOT)),
                row.number("generation"),
                row.instant("expires_at"),
                row.id("actor_id"),
                row.text("actor"),
                row.id("client_id"),
                row.text("client"),
                row.id("resource_id"),
                row.text("resource"),
                row.id("gateway_id"),
                row.text("gateway"),
                row.id("policy_id"),
                row.instant("inserted_at"));
    }
}
