package dev.sluice.functions.policy;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.TypedArray;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Hands what clients were granted over to another policy that allows it too, before what it rests on goes: the flow goes on,
 * nobody asks anew, and no packet waits. It never lasts longer for that than it would have.
 *
 * <p>Whoever calls this has the account's turn: nothing else that access rests on goes meanwhile.
 */
final class Handover {
    /** A flow and whose it is. */
    record Held(UUID flowId, UUID clientId, UUID resourceId, Instant expiresAt, Subject subject) {}

    private record Asked(UUID clientId, UUID resourceId) {}

    private record Handed(
            UUID flowId, UUID policyId, @Nullable UUID membershipId, Instant expiresAt) {}

    private static final String HELD = """
            SELECT f.id, f.client_id, f.resource_id, f.expires_at, %s%s
            FROM flow f
            JOIN client c ON c.account_id = f.account_id AND c.id = f.client_id
            JOIN policy p ON p.account_id = f.account_id AND p.id = f.policy_id
            WHERE f.account_id = ? AND f.expires_at > clock_timestamp() %s
            ORDER BY f.id FOR UPDATE OF f
            """;

    private static final String OF_POLICY = held("", """
            AND f.policy_id = ?
            AND EXISTS (SELECT FROM policy o
                        WHERE o.account_id = p.account_id AND o.resource_id = p.resource_id AND o.id <> p.id
                          AND o.disabled_at IS NULL)
            """);

    private Handover() {}

    /**
     * Selects flows that have not run out, in the order in which everyone locks them.
     *
     * @param columns more of them: of the flow f, its client c, its policy p
     * @param which the flows, as an added condition
     */
    static String held(String columns, String which) {
        return String.format(
                Locale.ROOT,
                HELD,
                Subject.ofClient(
                        "(SELECT k.provider_id FROM token k WHERE k.account_id = f.account_id AND k.id = f.token_id)"),
                columns.isEmpty() ? "" : ", " + columns,
                which);
    }

    /** Hands over what rests on a policy that is about to allow nothing any more. */
    static void ofPolicy(Transaction transaction, UUID accountId, UUID policyId) {
        var held = transaction.list(OF_POLICY, Handover::read, accountId, policyId);
        of(transaction, held, candidate -> !candidate.policyId().equals(policyId));
    }

    /**
     * Hands over what it can.
     *
     * @param lasting by which policies it may be: those that stay
     * @return what no policy allows
     */
    static List<Held> of(Transaction transaction, List<Held> flows, Predicate<PolicyChoice.Candidate> lasting) {
        if (flows.isEmpty()) {
            return flows;
        }
        var candidates = PolicyRows.asked(
                        transaction,
                        flows.stream().map(Held::clientId).toList(),
                        flows.stream().map(Held::resourceId).toList())
                .stream()
                .filter(reaching -> lasting.test(reaching.policy()))
                .collect(groupingBy(
                        reaching -> new Asked(reaching.clientId(), reaching.resourceId()),
                        mapping(PolicyRows.Reaching::policy, toList())));
        var handed = new ArrayList<Handed>();
        var left = new ArrayList<Held>();
        for (var held : flows) {
            var others = candidates.getOrDefault(new Asked(held.clientId(), held.resourceId()), List.of());
            if (PolicyChoice.choose(others, held.subject()) instanceof PolicyChoice.Allowed by) {
                handed.add(new Handed(held.flowId(), by.policyId(), by.membershipId(), by.expiresAt(held.expiresAt())));
            } else {
                left.add(held);
            }
        }
        hand(transaction, handed);
        return left;
    }

    private static void hand(Transaction transaction, List<Handed> handed) {
        if (handed.isEmpty()) {
            return;
        }
        transaction.list(
                "SELECT hand_over_flows(?, ?, ?, ?)",
                row -> true,
                TypedArray.ofIds(handed.stream().map(Handed::flowId).toList()),
                TypedArray.ofIds(handed.stream().map(Handed::policyId).toList()),
                TypedArray.ofIds(handed.stream().map(Handed::membershipId).toList()),
                TypedArray.ofTimes(handed.stream().map(Handed::expiresAt).toList()));
    }

    static Held read(Row row) {
        return new Held(
                row.id("id"), row.id("client_id"), row.id("resource_id"), row.instant("expires_at"), Subject.read(row));
    }
}
