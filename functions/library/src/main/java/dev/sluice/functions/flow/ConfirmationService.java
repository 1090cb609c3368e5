package dev.sluice.functions.flow;

import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.UUID;
import java.util.stream.Stream;

/** A gateway confirms that it holds a grant; only then is the client told. */
@ApplicationScoped
public class ConfirmationService {
    /** All flows of the pair, in the order in which everyone locks them. */
    private static final String LOCK = """
            SELECT f.id FROM flow f
            JOIN flow asked ON asked.account_id = f.account_id AND asked.client_id = f.client_id
                           AND asked.resource_id = f.resource_id
            WHERE asked.account_id = ? AND asked.gateway_id = ? AND asked.id = ? AND asked.ref = ?
            ORDER BY f.id FOR UPDATE OF f
            """;

    private static final String SUPERSEDED = """
            SELECT EXISTS (SELECT FROM flow WHERE account_id = ? AND gateway_id = ? AND id = ? AND ? = ANY (earlier_refs))
                AS superseded
            """;

    /** And the pair as it was before, now that it is locked. */
    private static final String CONFIRM = """
            WITH confirmed AS (
                UPDATE flow SET state = 'authorized', deadline = NULL, ref = NULL, held = false,
                    updated_at = now()
                WHERE account_id = ? AND gateway_id = ? AND id = ? AND ref = ? AND state = 'pending'
                  AND deadline > clock_timestamp() AND expires_at > clock_timestamp()
                  AND NOT EXISTS (SELECT FROM flow newer
                                  WHERE newer.account_id = flow.account_id AND newer.client_id = flow.client_id
                                    AND newer.resource_id = flow.resource_id AND newer.generation > flow.generation)
                RETURNING *
            ), audited AS (
                INSERT INTO audit_entry (account_id, action, flow_id, client_id, resource_id, gateway_id, policy_id,
                                         generation, expires_at)
                SELECT account_id, 'flow_confirmed', id, client_id, resource_id, gateway_id, policy_id, generation,
                       expires_at
                FROM confirmed
            ), told AS (
                INSERT INTO outbox (account_id, device_id, kind, client_id, gateway_id, resource_id, flow_id, generation)
                SELECT account_id, client_id, 'flow_created', client_id, gateway_id, resource_id, id, generation
                FROM confirmed
            )
            SELECT f.id, f.gateway_id, f.held, f.id = asked.id AS asked, f.generation > asked.generation AS newer,
                   f.client_id, EXISTS (SELECT FROM confirmed) AS confirmed
            FROM flow asked
            JOIN flow f ON f.account_id = asked.account_id AND f.client_id = asked.client_id
                       AND f.resource_id = asked.resource_id
            WHERE asked.account_id = ? AND asked.gateway_id = ? AND asked.id = ? AND asked.ref = ?
            """;

    /**
     * One flow of the pair.
     *
     * @param held whether its gateway holds an earlier generation
     * @param asked whether it is the one that is confirmed
     * @param newer whether it is of a later generation than that
     * @param confirmed whether that one is confirmed now
     */
    private record Pair(
            UUID id, UUID gatewayId, UUID clientId, boolean held, boolean asked, boolean newer, boolean confirmed) {
        private static Pair read(Row row) {
            return new Pair(
                    row.id("id"),
                    row.id("gateway_id"),
                    row.id("client_id"),
                    row.flag("held"),
                    row.flag("asked"),
                    row.flag("newer"),
                    row.flag("confirmed"));
        }
    }

    private final Transactions transactions;

    @Inject
    public ConfirmationService(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * Takes a gateway's answer.
     *
     * @param ref what the gateway was given; good for this gateway, flow and generation, and once
     */
    public Confirmation confirm(UUID accountId, UUID gatewayId, String ref) {
        return FlowRef.parse(ref)
                .map(id -> transactions.callImpatiently(transaction -> confirm(transaction, accountId, gatewayId, id)))
                .orElseGet(Confirmation.Invalid::new);
    }

    private static Confirmation confirm(Transaction transaction, UUID accountId, UUID gatewayId, FlowRef ref) {
        var pipeline = transaction.pipeline();
        pipeline.run(LOCK, accountId, gatewayId, ref.flowId(), ref.ref());
        var rows = pipeline.list(
                CONFIRM,
                Pair::read,
                accountId,
                gatewayId,
                ref.flowId(),
                ref.ref(),
                accountId,
                gatewayId,
                ref.flowId(),
                ref.ref());
        pipeline.send();
        var pair = rows.get();
        if (pair.stream().anyMatch(Pair::newer)) {
            // The client has asked again, elsewhere. Unless this gateway held it before, it has nothing to hold now.
            end(transaction, pair.stream().filter(row -> row.asked() && !row.held()));
            return new Confirmation.Invalid();
        }
        var confirmed = pair.stream().filter(Pair::confirmed).findFirst();
        if (confirmed.isEmpty()) {
            return transaction.one(
                            SUPERSEDED, row -> row.flag("superseded"), accountId, gatewayId, ref.flowId(), ref.ref())
                    ? new Confirmation.Superseded()
                    : new Confirmation.Invalid();
        }
        // The client is served by this gateway now: what another one holds for the pair ends.
        end(transaction, pair.stream().filter(row -> !row.asked()));
        return new Confirmation.Confirmed(
                confirmed.get().clientId(),
                pair.stream().filter(row -> !row.asked()).map(Pair::gatewayId).toList());
    }

    private static void end(Transaction transaction, Stream<Pair> superseded) {
        var ids = superseded.map(Pair::id).toList();
        if (!ids.isEmpty()) {
            transaction.list("SELECT end_flows('superseded', ?)", row -> true, ids);
        }
    }
}
