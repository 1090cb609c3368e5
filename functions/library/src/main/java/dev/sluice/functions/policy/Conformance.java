package dev.sluice.functions.policy;

import dev.sluice.channel.Reason;
import dev.sluice.functions.sql.Pipeline;
import dev.sluice.functions.sql.Row;
import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Turns;
import dev.sluice.functions.sql.TypedArray;
import java.util.List;
import java.util.UUID;

/** Whether what a client was granted still holds for where it is now. */
public final class Conformance {
    private record Conditioned(Handover.Held held, List<Condition> conditions) {
        boolean violated() {
            return ConditionEvaluator.evaluate(conditions, held.subject()) instanceof Evaluation.Violates;
        }
    }

    private static final String CONDITIONED =
            Handover.held("p.conditions", "AND f.client_id = ? AND p.conditions <> '[]'");

    private static final String ANY = """
            SELECT FROM flow f JOIN policy p ON p.account_id = f.account_id AND p.id = f.policy_id AND p.conditions <> '[]'
            WHERE f.account_id = current_account() AND f.client_id = ? LIMIT 1
            """;

    private Conformance() {}

    /**
     * Ends the flows of a client whose policies do not hold for it any more, unless another policy allows them. The pipeline
     * has taken its turn by then, and written from where the client comes: a decision then either was before this, and is
     * seen, or sees that row.
     *
     * @param pipeline of the transaction; it is sent, with what is in it already
     */
    public static void enforce(Transaction transaction, Pipeline pipeline, UUID accountId, UUID clientId) {
        var conditioned = pipeline.list(ANY, row -> true, clientId);
        pipeline.send();
        if (conditioned.get().isEmpty()) {
            return;
        }
        // No policy goes while flows are handed over to it, and no flow is locked by one who waits for that.
        Turns.share(transaction, accountId);
        var violating = transaction.list(CONDITIONED, Conformance::read, accountId, clientId).stream()
                .filter(Conditioned::violated)
                .map(Conditioned::held)
                .toList();
        var ended = Handover.of(transaction, violating, candidate -> true).stream()
                .map(Handover.Held::flowId)
                .toList();
        if (!ended.isEmpty()) {
            transaction.list("SELECT end_flows(?, ?)", row -> true, Reason.CONDITION.code(), TypedArray.ofIds(ended));
        }
    }

    private static Conditioned read(Row row) {
        return new Conditioned(Handover.read(row), Condition.fromJson(row.text("conditions")));
    }
}
