package dev.sluice.functions.flow;

import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
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
            WHERE asked.account_id = ? AND asked.gateway_id = ? AND asked.ref = ?
            ORDER BY f.id FOR UPDATE OF f
            """;

    /** The pair as it is now that it is locked. */
    private static final String PAIR = """
            SELECT f.id, f.held, f.id = asked.id AS asked, f.generation > asked.generation AS newer
            FROM flow asked
            JOIN flow f ON f.account_id = asked.account_id AND f.client_id = asked.client_id
                       AND f.resource_id = asked.resource_id
            WHERE asked.account_id = ? AND asked.gateway_id = ? AND asked.ref = ?
            """;

    private static final String SUPERSEDED = """
            SELECT EXISTS (SELECT FROM flow WHERE account_id = ? AND gateway_id = ? AND ? = ANY(earlier_refs)) AS superseded
            """;

    private static final String CONFIRM = """
            WITH confirmed AS (
                UPDATE flow SET state = 'authorized', deadline = NULL, ref = NULL, held = false,
                    updated_at = now()
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

    /**
     * One flow of the pair.
     *
     * @param held whether its gateway holds an earlier generation
     * @param asked whether it is the one that is confirmed
     * @param newer whether it is of a later generation than that
     */
    private record Pair(UUID id, boolean held, boolean asked, boolean newer) {}

    private final Transactions transactions;

    @Inject
    public ConfirmationService(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * Takes a gateway's answer.
     *
     * @param ref what the gateway was given; good for this gateway, flow and generation, and once. One that a newer ask
     *     has replaced is good as well, and changes nothing: the gateway is about to answer that one too
     * @return whether it was good
     */
    public boolean confirm(UUID accountId, UUID gatewayId, String ref) {
        return parse(ref)
                .map(id -> transactions.callImpatiently(transaction -> confirm(transaction, accountId, gatewayId, id)))
                .orElse(false);
    }

    private static boolean confirm(Transaction transaction, UUID accountId, UUID gatewayId, UUID ref) {
        transaction.list(LOCK, row -> true, accountId, gatewayId, ref);
        var pair = transaction.list(
                PAIR,
                row -> new Pair(row.id("id"), row.flag("held"), row.flag("asked"), row.flag("newer")),
                accountId,
                gatewayId,
                ref);
        if (pair.stream().anyMatch(Pair::newer)) {
            // The client has asked again, elsewhere. Unless this gateway held it before, it has nothing to hold now.
            end(transaction, pair.stream().filter(row -> row.asked() && !row.held()));
            return false;
        }
        var confirmed = transaction.first(CONFIRM, row -> row.id("id"), accountId, gatewayId, ref);
        if (confirmed.isEmpty()) {
            return transaction.one(SUPERSEDED, row -> row.flag("superseded"), accountId, gatewayId, ref);
        }
        // The client is served by this gateway now: what another one holds for the pair ends.
        end(transaction, pair.stream().filter(row -> !row.asked()));
        return true;
    }

    private static void end(Transaction transaction, Stream<Pair> superseded) {
        var ids = superseded.map(Pair::id).toList();
        if (!ids.isEmpty()) {
            transaction.list("SELECT end_flows('superseded', ?)", row -> true, ids);
        }
    }

    private static Optional<UUID> parse(String ref) {
        try {
            return ref.length() == 36 ? Optional.of(UUID.fromString(ref)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
