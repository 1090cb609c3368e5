package dev.sluice.functions.flow;

import dev.sluice.functions.sql.DatabaseFailure;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A gateway confirms that it holds grants; only then are the clients told. */
@ApplicationScoped
public class ConfirmationService {
    /** All flows of the pairs, in the order in which everyone locks them. */
    private static final String LOCK = """
            SELECT f.id FROM unnest(?::uuid[], ?::uuid[]) AS a (id, ref)
            JOIN flow asked ON asked.account_id = current_account() AND asked.gateway_id = ? AND asked.id = a.id
                           AND asked.ref = a.ref
            JOIN flow f ON f.account_id = asked.account_id AND f.client_id = asked.client_id
                       AND f.resource_id = asked.resource_id
            ORDER BY f.id FOR UPDATE OF f
            """;

    /** And the pairs as they were before, now that they are locked. */
    private static final String CONFIRM = """
            WITH a AS MATERIALIZED (
                SELECT * FROM unnest(?::uuid[], ?::uuid[]) AS a (id, ref)
            ), confirmed AS (
                UPDATE flow SET state = 'authorized', deadline = NULL, ref = NULL, held = false,
                    updated_at = now()
                FROM a
                WHERE account_id = current_account() AND gateway_id = ? AND flow.id = a.id AND flow.ref = a.ref
                  AND state = 'pending'
                  AND deadline > clock_timestamp() AND expires_at > clock_timestamp()
                  AND NOT EXISTS (SELECT FROM flow newer
                                  WHERE newer.account_id = flow.account_id AND newer.client_id = flow.client_id
                                    AND newer.resource_id = flow.resource_id AND newer.generation > flow.generation)
                RETURNING flow.id, account_id, client_id, resource_id, gateway_id, policy_id, generation, expires_at
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
            SELECT a.id AS asked_id, a.ref AS asked_ref, f.id, f.client_id, f.gateway_id, f.held,
                   f.generation > asked.generation AS newer, EXISTS (SELECT FROM confirmed c WHERE c.id = asked.id) AS confirmed
            FROM a
            JOIN flow asked ON asked.account_id = current_account() AND asked.gateway_id = ? AND asked.id = a.id
                           AND asked.ref = a.ref
            JOIN flow f ON f.account_id = asked.account_id AND f.client_id = asked.client_id
                       AND f.resource_id = asked.resource_id
            """;

    private static final String SUPERSEDED = """
            SELECT a.id, a.ref FROM unnest(?::uuid[], ?::uuid[]) AS a (id, ref)
            JOIN flow f ON f.account_id = current_account() AND f.gateway_id = ? AND f.id = a.id
                       AND a.ref = ANY (f.earlier_refs)
            """;

    /**
     * One flow of a pair.
     *
     * @param asked the answer that is about the pair
     * @param held whether its gateway holds an earlier generation
     * @param newer whether it is of a later generation than the one that was asked for
     * @param confirmed whether that one is confirmed now
     */
    private record Pair(
            FlowRef asked, UUID id, UUID gatewayId, UUID clientId, boolean held, boolean newer, boolean confirmed) {
        private static Pair read(Row row) {
            return new Pair(
                    new FlowRef(row.id("asked_id"), row.id("asked_ref")),
                    row.id("id"),
                    row.id("gateway_id"),
                    row.id("client_id"),
                    row.flag("held"),
                    row.flag("newer"),
                    row.flag("confirmed"));
        }

        boolean isAsked() {
            return id.equals(asked.flowId());
        }
    }

    private final Transactions transactions;

    @Inject
    public ConfirmationService(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * Takes answers of a gateway, all in one transaction. If one of them stays locked, it alone is left.
     *
     * @param refs what the gateway was given; each good for this gateway, flow and generation, and once
     * @return what became of each, in their order
     */
    public List<Confirmation> confirm(UUID accountId, UUID gatewayId, List<String> refs) {
        var parsed = refs.stream().map(FlowRef::parse).toList();
        var good = parsed.stream().flatMap(Optional::stream).distinct().toList();
        var answers = new ArrayList<Confirmation>();
        if (good.isEmpty()) {
            refs.forEach(ref -> answers.add(new Confirmation.Invalid()));
            return answers;
        }
        Confirmed confirmed;
        try {
            confirmed = transactions
                    .inAccount(accountId)
                    .callImpatiently(transaction -> confirm(transaction, gatewayId, good));
        } catch (DatabaseFailure e) {
            if (!e.isLocked()) {
                throw e;
            }
            return refs.size() == 1
                    ? List.of(new Confirmation.Undecided())
                    : refs.stream()
                            .flatMap(ref -> confirm(accountId, gatewayId, List.of(ref)).stream())
                            .toList();
        }
        var used = new HashSet<FlowRef>();
        for (var ref : parsed) {
            // The second of two equal ones finds what it would find if it came later.
            answers.add(ref.filter(used::add).map(confirmed::of).orElseGet(Confirmation.Invalid::new));
        }
        return answers;
    }

    private record Confirmed(List<Pair> pairs, Set<FlowRef> superseded) {
        Confirmation of(FlowRef ref) {
            var pair = pairs.stream().filter(row -> row.asked().equals(ref)).toList();
            var others = pair.stream().filter(row -> !row.isAsked()).toList();
            if (pair.stream().anyMatch(Pair::confirmed)) {
                return new Confirmation.Confirmed(
                        pair.getFirst().clientId(),
                        others.stream().map(Pair::gatewayId).toList());
            }
            return superseded.contains(ref) ? new Confirmation.Superseded() : new Confirmation.Invalid();
        }
    }

    private static Confirmed confirm(Transaction transaction, UUID gatewayId, List<FlowRef> refs) {
        var ids = refs.stream().map(FlowRef::flowId).toList();
        var words = refs.stream().map(FlowRef::ref).toList();
        var pipeline = transaction.pipeline();
        pipeline.run(LOCK, ids, words, gatewayId);
        var rows = pipeline.list(CONFIRM, Pair::read, ids, words, gatewayId, gatewayId);
        pipeline.send();
        var pairs = rows.get();
        end(transaction, pairs);
        var found = pairs.stream().map(Pair::asked).toList();
        var missing = refs.stream().filter(ref -> !found.contains(ref)).toList();
        return new Confirmed(pairs, superseded(transaction, gatewayId, missing));
    }

    private static Set<FlowRef> superseded(Transaction transaction, UUID gatewayId, List<FlowRef> refs) {
        return refs.isEmpty()
                ? Set.of()
                : Set.copyOf(transaction.list(
                        SUPERSEDED,
                        row -> new FlowRef(row.id("id"), row.id("ref")),
                        refs.stream().map(FlowRef::flowId).toList(),
                        refs.stream().map(FlowRef::ref).toList(),
                        gatewayId));
    }

    /**
     * A client that is served by this gateway now is served by no other for the resource. One that has asked again elsewhere
     * meanwhile is not served by this one, unless it was before.
     */
    private static void end(Transaction transaction, List<Pair> pairs) {
        var superseded = new HashSet<UUID>();
        for (var row : pairs) {
            boolean elsewhere = pairs.stream().anyMatch(other -> other.asked().equals(row.asked()) && other.newer());
            if (row.confirmed() && !row.isAsked() || elsewhere && row.isAsked() && !row.held()) {
                superseded.add(row.id());
            }
        }
        if (!superseded.isEmpty()) {
            transaction.list("SELECT end_flows('superseded', ?)", row -> true, superseded);
        }
    }
}
