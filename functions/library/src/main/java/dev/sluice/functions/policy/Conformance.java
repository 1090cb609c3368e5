package dev.sluice.functions.policy;

import dev.sluice.channel.Reason;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import java.util.List;
import java.util.UUID;

/** Whether what a client was granted still holds for where it is now. */
public final class Conformance {
    private record Held(UUID flowId, List<Condition> conditions, Subject subject) {}

    private static final String CONDITIONED = """
            SELECT f.id, p.conditions, host(c.last_seen_remote_ip) AS remote_ip, c.last_seen_region AS region,
                   c.verified_at IS NOT NULL AS verified, clock_timestamp() AS now
            FROM flow f
            JOIN policy p ON p.account_id = f.account_id AND p.id = f.policy_id AND p.conditions <> '[]'
            JOIN client c ON c.account_id = f.account_id AND c.id = f.client_id
            WHERE f.account_id = ? AND f.client_id = ?
            """;

    private Conformance() {}

    /**
     * Ends the flows of a client whose policies do not hold for it any more. To be called with its turn taken, once its
     * row says from where the client comes: a decision then either was before this, and is seen, or sees that row.
     */
    public static void enforce(Transaction transaction, UUID accountId, UUID clientId) {
        var ended = transaction.list(CONDITIONED, Conformance::read, accountId, clientId).stream()
                .filter(held ->
                        ConditionEvaluator.evaluate(held.conditions(), held.subject()) instanceof Evaluation.Violates)
                .map(Held::flowId)
                .toList();
        if (!ended.isEmpty()) {
            transaction.list("SELECT end_flows(?, ?)", row -> true, Reason.CONDITION.code(), ended);
        }
    }

    private static Held read(Row row) {
        return new Held(
                row.id("id"),
                Condition.fromJson(row.text("conditions")),
                new Subject(
                        row.optionalText("remote_ip"),
                        row.optionalText("region"),
                        null,
                        row.flag("verified"),
                        row.instant("now")));
    }
}
