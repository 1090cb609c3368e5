-- Holds what is promised against what is there, over all accounts: flows against their causes, the audit against the flows,
-- and what devices were told against the audit. A row for each promise, whether it holds or not, with some of the ids for
-- which it does not; everything as of one moment. What was handed over is forgotten after ten minutes.
CREATE OR REPLACE FUNCTION promises() RETURNS TABLE (promise text, violations bigint, examples uuid[])
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH promised (place, promise) AS (VALUES
        (1, 'every flow rests on what grants it'),
        (2, 'no flow outlives what limits it'),
        (3, 'every flow was granted in the audit'),
        (4, 'every flow that is gone was ended in the audit'),
        (5, 'no flow that was ended in the audit is there'),
        (6, 'every grant and every end of the last minutes was said to its gateway'),
        (7, 'no request waits for longer than gateways have'),
        (8, 'nothing waits for devices that are online')
    ), broken (place, id) AS (
        SELECT 1, f.id FROM flow f
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
        UNION ALL
        SELECT 2, f.id FROM flow f JOIN token k ON k.account_id = f.account_id AND k.id = f.token_id
        WHERE f.expires_at > k.expires_at OR f.expires_at < now() - interval '1 minute'
        UNION ALL
        -- Of those whose grant is kept.
        SELECT 3, f.id FROM flow f
        WHERE f.updated_at > (SELECT min(p.begins) + interval '1 minute' FROM audit_parts() p) AND NOT EXISTS (
            SELECT FROM audit_entry e WHERE e.action = 'flow_granted' AND e.flow_id = f.id
                                        AND e.generation = f.generation)
        UNION ALL
        SELECT DISTINCT 4, e.flow_id FROM audit_entry e
        WHERE e.action = 'flow_granted'
          AND NOT EXISTS (SELECT FROM flow f WHERE f.id = e.flow_id)
          AND NOT EXISTS (SELECT FROM audit_entry n WHERE n.action = 'flow_ended' AND n.flow_id = e.flow_id
                                                      AND n.generation > e.generation)
        UNION ALL
        SELECT 5, f.id FROM flow f JOIN audit_entry e ON e.action = 'flow_ended' AND e.flow_id = f.id
        UNION ALL
        SELECT 6, e.flow_id FROM audit_entry e
        WHERE e.at > now() - interval '8 minutes' AND e.action IN ('flow_granted', 'flow_ended')
          AND NOT EXISTS (
            SELECT FROM outbox o WHERE o.device_id = e.gateway_id AND o.flow_id = e.flow_id
               AND o.generation = e.generation
               AND o.kind = CASE e.action WHEN 'flow_granted' THEN 'authorize_flow' ELSE 'reject_access' END)
        UNION ALL
        SELECT 7, id FROM flow WHERE state = 'pending' AND deadline < now() - interval '1 minute'
        UNION ALL
        SELECT DISTINCT 8, o.device_id FROM outbox o JOIN online d ON d.device_id = o.device_id
        WHERE o.sent_at IS NULL AND o.inserted_at < now() - interval '1 minute'
          AND NOT EXISTS (SELECT FROM stream_hold h WHERE h.device_id = o.device_id)
    )
    SELECT p.promise, count(b.id), (array_agg(b.id ORDER BY b.id) FILTER (WHERE b.id IS NOT NULL))[1:5]
    FROM promised p LEFT JOIN broken b USING (place)
    GROUP BY p.place, p.promise
    ORDER BY p.place
$$;
REVOKE ALL ON FUNCTION promises() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION promises() TO "${application_role}";
