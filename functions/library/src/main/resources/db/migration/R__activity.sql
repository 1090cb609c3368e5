-- Counts what went on in this minute and the one before, of all accounts, anew each time: what commits late is there the next
-- time. An entry that stands for several denials counts for those that it had then.
CREATE OR REPLACE FUNCTION record_activity() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    since timestamptz := date_trunc('minute', now()) - interval '1 minute';
    beyond activity_mark;
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended('sluice activity', 0)) THEN
        RETURN;
    END IF;
    -- Nothing that was written since has a number that is less, but for what took a minute to commit, and what a gateway was
    -- told minutes later, since it was away.
    SELECT * INTO beyond FROM activity_mark WHERE at < since - interval '1 minute' ORDER BY at DESC LIMIT 1;
    IF NOT FOUND THEN
        -- The first minutes: as much as may be of them.
        SELECT since, coalesce(max(id), 0) - 1000000, 0 INTO beyond FROM audit_entry;
    END IF;
    INSERT INTO activity AS a (account_id, minute, granted, denied, ended, decided, revoked)
    SELECT account_id, minute, coalesce(granted, 0), coalesce(denied, 0), coalesce(ended, 0), decided, revoked
    FROM (
        SELECT e.account_id, date_trunc('minute', e.at) AS minute,
               count(*) FILTER (WHERE e.action = 'flow_granted') AS granted,
               sum(e.count) FILTER (WHERE e.action = 'flow_denied') AS denied,
               count(*) FILTER (WHERE e.action = 'flow_ended') AS ended
        FROM audit_entry e
        WHERE e.id > beyond.entry_id AND e.at >= since AND e.action IN ('flow_granted', 'flow_denied', 'flow_ended')
        GROUP BY 1, 2) AS counted
    FULL JOIN (
        SELECT c.account_id, date_trunc('minute', c.at) AS minute,
               percentile_disc(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM c.at - g.at)::double precision * 1000) AS decided
        FROM audit_entry c
        JOIN audit_entry g ON g.account_id = c.account_id AND g.flow_id = c.flow_id AND g.generation = c.generation
            AND g.action = 'flow_granted' AND g.id > beyond.entry_id AND g.at >= since - interval '1 minute'
        WHERE c.id > beyond.entry_id AND c.at >= since AND c.action = 'flow_confirmed'
        GROUP BY 1, 2) AS confirmed USING (account_id, minute)
    FULL JOIN (
        SELECT o.account_id, date_trunc('minute', o.sent_at) AS minute,
               percentile_disc(0.99) WITHIN GROUP (
                   ORDER BY extract(epoch FROM o.sent_at - o.inserted_at)::double precision * 1000) AS revoked
        FROM outbox o WHERE o.id > beyond.outbox_id AND o.sent_at >= since AND o.kind = 'reject_access'
        GROUP BY 1, 2) AS told USING (account_id, minute)
    JOIN account ON account.id = account_id -- which entries of the audit outlive
    ON CONFLICT (account_id, minute) DO UPDATE
        SET granted = excluded.granted, denied = excluded.denied, ended = excluded.ended,
            decided = coalesce(excluded.decided, a.decided), revoked = coalesce(excluded.revoked, a.revoked);
    INSERT INTO activity_mark
    SELECT now(), coalesce((SELECT max(id) FROM audit_entry), 0), coalesce((SELECT max(id) FROM outbox), 0)
    ON CONFLICT DO NOTHING;
    DELETE FROM activity_mark WHERE at < now() - interval '10 minutes';
    DELETE FROM activity WHERE minute < now() - interval '30 days';
END $$;
REVOKE ALL ON FUNCTION record_activity() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION record_activity() TO "${application_role}";
