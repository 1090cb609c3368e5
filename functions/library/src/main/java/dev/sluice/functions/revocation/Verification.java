package dev.sluice.functions.revocation;

import dev.sluice.functions.sql.Transaction;
import dev.sluice.functions.sql.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.UUID;

/**
 * Holds what is promised against what is there: flows against their causes, the audit against the flows, and what devices
 * were told against the audit. Everything as of one moment; nothing is changed.
 */
@ApplicationScoped
public class Verification {
    /**
     * What one check found.
     *
     * @param check what is promised
     * @param violations how often it does not hold
     * @param examples ids of some flows, or of devices, for which it does not
     */
    public record Finding(String check, long violations, List<UUID> examples) {}

    /** @param sql selects the ids for which the promise is broken */
    private record Check(String promise, String sql) {}

    private static final int EXAMPLES = 5;

    /** What was handed over is forgotten after ten minutes. */
    private static final List<Check> CHECKS = List.of(
            new Check("every flow rests on what grants it", """
                    SELECT f.id FROM flow f
                    LEFT JOIN account t ON t.id = f.account_id AND t.disabled_at IS NULL
                    LEFT JOIN client c ON c.account_id = f.account_id AND c.id = f.client_id
                    LEFT JOIN actor a ON a.account_id = f.account_id AND a.id = c.actor_id AND a.disabled_at IS NULL
                    LEFT JOIN token_secret v ON v.account_id = f.account_id AND v.token_id = f.token_id AND v.id = f.secret_id
                    LEFT JOIN token k ON k.account_id = v.account_id AND k.id = v.token_id AND k.actor_id = c.actor_id
                    LEFT JOIN policy p ON p.account_id = f.account_id AND p.id = f.policy_id
                                      AND p.resource_id = f.resource_id AND p.disabled_at IS NULL
                    LEFT JOIN actor_group g ON g.account_id = f.account_id AND g.id = p.group_id
                    LEFT JOIN membership m ON m.account_id = f.account_id AND m.id = f.membership_id
                                          AND m.group_id = g.id AND m.actor_id = c.actor_id
                    LEFT JOIN gateway w ON w.account_id = f.account_id AND w.id = f.gateway_id
                    LEFT JOIN resource_site s ON s.account_id = f.account_id AND s.resource_id = f.resource_id
                                             AND s.site_id = w.site_id
                    WHERE t.id IS NULL OR a.id IS NULL OR k.id IS NULL OR g.id IS NULL OR s.site_id IS NULL
                       OR (g.type <> 'everyone' AND m.id IS NULL)
                    """),
            new Check("no flow outlives what limits it", """
                    SELECT f.id FROM flow f JOIN token k ON k.account_id = f.account_id AND k.id = f.token_id
                    WHERE f.expires_at > k.expires_at OR f.expires_at < now() - interval '1 minute'
                    """),
            new Check("every flow was granted in the audit", """
                    SELECT f.id FROM flow f WHERE NOT EXISTS (
                        SELECT FROM audit_entry e WHERE e.action = 'flow_granted' AND e.flow_id = f.id
                                                    AND e.generation = f.generation)
                    """),
            new Check("every flow that is gone was ended in the audit", """
                    SELECT DISTINCT e.flow_id AS id FROM audit_entry e
                    WHERE e.action = 'flow_granted'
                      AND NOT EXISTS (SELECT FROM flow f WHERE f.id = e.flow_id)
                      AND NOT EXISTS (SELECT FROM audit_entry n WHERE n.action = 'flow_ended' AND n.flow_id = e.flow_id
                                                                  AND n.generation > e.generation)
                    """),
            new Check("no flow that was ended in the audit is there", """
                    SELECT f.id FROM flow f JOIN audit_entry e ON e.action = 'flow_ended' AND e.flow_id = f.id
                    """),
            new Check("every grant and every end of the last minutes was said to its gateway", """
                    SELECT e.flow_id AS id FROM audit_entry e
                    WHERE e.at > now() - interval '8 minutes' AND e.action IN ('flow_granted', 'flow_ended')
                      AND NOT EXISTS (
                        SELECT FROM outbox o WHERE o.device_id = e.gateway_id AND o.flow_id = e.flow_id
                           AND o.generation = e.generation
                           AND o.kind = CASE e.action WHEN 'flow_granted' THEN 'authorize_flow' ELSE 'reject_access' END)
                    """),
            new Check("no request waits for longer than gateways have", """
                    SELECT id FROM flow WHERE state = 'pending' AND deadline < now() - interval '1 minute'
                    """),
            new Check("nothing waits for devices that are online", """
                    SELECT DISTINCT o.device_id AS id FROM outbox o JOIN online d ON d.device_id = o.device_id
                    WHERE o.sent_at IS NULL AND o.inserted_at < now() - interval '1 minute'
                      AND NOT EXISTS (SELECT FROM stream_hold h WHERE h.device_id = o.device_id)
                    """));

    private final Transactions transactions;

    @Inject
    public Verification(Transactions transactions) {
        this.transactions = transactions;
    }

    /** One finding for each promise, whether it holds or not. */
    public List<Finding> findings() {
        return transactions.read(transaction ->
                CHECKS.stream().map(check -> find(transaction, check)).toList());
    }

    private static Finding find(Transaction transaction, Check check) {
        return transaction.one(
                "SELECT count(*) AS violations, (array_agg(id ORDER BY id))[1:" + EXAMPLES + "] AS examples FROM ("
                        + check.sql() + ") AS broken",
                row -> new Finding(check.promise(), row.number("violations"), row.ids("examples")));
    }
}
