package dev.sluice.functions.flow;

import dev.sluice.functions.sql.RequestException;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transactions;
import dev.sluice.functions.sql.TypedArray;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What an operator sees of flows. */
@ApplicationScoped
public class FlowService {
    private static final String SELECT = """
            SELECT id, client_id, resource_id, gateway_id, policy_id, generation, state, expires_at
            FROM flow WHERE account_id = ?
            """;

    private final Transactions transactions;

    @Inject
    public FlowService(Transactions transactions) {
        this.transactions = transactions;
    }

    /** All flows of an account, the oldest first. */
    public List<Flow> list(UUID accountId) {
        return list(accountId, null, null);
    }

    /**
     * Flows of an account, the oldest first.
     *
     * @param resourceId those to it; to any if null
     * @param clientId those of it; of any if null
     */
    public List<Flow> list(UUID accountId, @Nullable UUID resourceId, @Nullable UUID clientId) {
        var sql = new StringBuilder(SELECT);
        var parameters = new ArrayList<@Nullable Object>(List.of(accountId));
        if (resourceId != null) {
            sql.append("AND resource_id = ? ");
            parameters.add(resourceId);
        }
        if (clientId != null) {
            sql.append("AND client_id = ? ");
            parameters.add(clientId);
        }
        sql.append("ORDER BY inserted_at, id");
        return transactions.call(
                transaction -> transaction.list(sql.toString(), FlowService::read, parameters.toArray()));
    }

    /** The flow of this id. */
    public Optional<Flow> find(UUID accountId, UUID flowId) {
        return transactions.call(
                transaction -> transaction.first(SELECT + "AND id = ?", FlowService::read, accountId, flowId));
    }

    /**
     * Lets all flows of an account end after this time, unless they end sooner; their gateways are told.
     *
     * @return how many flows that changed
     */
    public int expireAll(UUID accountId, Duration in) {
        return transactions.call(transaction -> transaction.update("""
                WITH chosen AS (SELECT id FROM flow WHERE account_id = ? ORDER BY id FOR UPDATE)
                UPDATE flow SET expires_at = least(expires_at, now() + ? * interval '1 millisecond')
                FROM chosen WHERE flow.id = chosen.id
                """, accountId, in.toMillis()));
    }

    /**
     * Lets one flow end after this time, unless it ends sooner; its gateway is told.
     *
     * @throws RequestException when there is no such flow
     */
    public void expire(UUID accountId, UUID flowId, Duration in) {
        int changed = transactions.call(transaction -> transaction.update("""
                WITH shortened AS (
                    UPDATE flow SET expires_at = least(expires_at, now() + ? * interval '1 millisecond')
                    WHERE account_id = ? AND id = ? RETURNING *)
                INSERT INTO audit_entry (account_id, action, subject, flow_id, client_id, resource_id, gateway_id,
                                         policy_id, generation, expires_at)
                SELECT account_id, 'flow_shortened', subject(), id, client_id, resource_id, gateway_id, policy_id,
                       generation, expires_at
                FROM shortened
                """, in.toMillis(), accountId, flowId));
        if (changed == 0) {
            throw RequestException.notFound("There is no flow " + flowId + ".");
        }
    }

    /**
     * Ends flows at once: their gateways drop the access, and the clients are told. A client whom a policy still allows it
     * may ask again.
     *
     * @return how many there still were
     */
    public int end(UUID accountId, Collection<UUID> flowIds) {
        return transactions.call(transaction -> {
            var ids = transaction.list(
                    "SELECT id FROM flow WHERE account_id = ? AND id = ANY (?) ORDER BY id FOR UPDATE",
                    row -> row.id("id"),
                    accountId,
                    TypedArray.ofIds(flowIds));
            transaction.list("SELECT end_flows('flow_deleted', ?)", row -> true, TypedArray.ofIds(ids));
            return ids.size();
        });
    }

    private static Flow read(Row row) {
        return new Flow(
                row.id("id"),
                row.id("client_id"),
                row.id("resource_id"),
                row.id("gateway_id"),
                row.id("policy_id"),
                row.number("generation"),
                Flow.State.valueOf(row.text("state").toUpperCase(Locale.ROOT)),
                row.instant("expires_at"));
    }
}
