package dev.sluice.functions.flow;

import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.UUID;

/** A gateway confirms that it holds a grant; only then is the client told. */
@ApplicationScoped
public class ConfirmationService {
    /** All flows of the pair, in the order in which everyone locks them. */
    private static final String LOCK = """
            SELECT f.id FROM flow f
            JOIN flow asked ON asked.account_id = f.account_id AND asked.client_id = f.client_id
                           AND asked.resource_id = f.resource_id
            WHERE asked.account_id = ? AND asked.gateway_id = ? AND asked.ref = ?
            ORDER BY f.id FOR UPDATE OF f
            """;

    private static final String CONFIRM = """
            WITH confirmed AS (
                UPDATE flow SET state = 'authorized', deadline = NULL, ref = NULL, updated_at = now()
                WHERE account_id = ? AND gateway_id = ? AND ref = ? AND state = 'pending'
                  AND deadline > clock_timestamp() AND expires_at > clock_timestamp()
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
            SELECT id FROM confirmed
            """;

    private final Transactions transactions;

    @Inject
    public ConfirmationService(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * Takes a gateway's answer.
     *
     * @param ref what the gateway was given; good for this gateway, flow and generation, and once
     * @return whether it was good
     */
    public boolean confirm(UUID accountId, UUID gatewayId, String ref) {
        return parse(ref)
                .map(id -> transactions.callImpatiently(transaction -> confirm(transaction, accountId, gatewayId, id)))
                .orElse(false);
    }

    private static boolean confirm(Transaction transaction, UUID accountId, UUID gatewayId, UUID ref) {
        var pair = transaction.list(LOCK, row -> row.id("id"), accountId, gatewayId, ref);
        var confirmed = transaction.first(CONFIRM, row -> row.id("id"), accountId, gatewayId, ref);
        if (confirmed.isEmpty()) {
            return false;
        }
        var superseded = pair.stream().filter(id -> !id.equals(confirmed.get())).toList();
        if (!superseded.isEmpty()) {
            // The client is served by this gateway now: what another one holds for the pair ends.
            transaction.list("SELECT end_flows('superseded', ?)", row -> true, superseded);
        }
        return true;
    }

    private static Optional<UUID> parse(String ref) {
        try {
            return ref.length() == 36 ? Optional.of(UUID.fromString(ref)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
