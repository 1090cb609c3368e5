-- Who changed what: see V8. A changed value leaves an entry, and one that is written again does not.

-- One entry for each of the rows. Most statements on devices and tokens change nothing that is worth one.
CREATE OR REPLACE FUNCTION audit_rows(what text, rows jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF rows = '[]' THEN
        RETURN;
    END IF;
    INSERT INTO audit_entry (account_id, action, subject, object_id, client_id, resource_id, gateway_id, policy_id,
                             actor_id, group_id, site_id)
    SELECT coalesce(r ->> 'account_id', r ->> 'id')::uuid, what, subject(),
           coalesce(r ->> 'id', r ->> 'device_id')::uuid,
           CASE WHEN what LIKE 'client\_%' THEN r ->> 'id' ELSE r ->> 'client_id' END::uuid,
           CASE WHEN what IN ('resource_created', 'resource_changed', 'resource_deleted') THEN r ->> 'id'
                ELSE r ->> 'resource_id' END::uuid,
           CASE WHEN what LIKE 'gateway\_%' THEN r ->> 'id' END::uuid,
           CASE WHEN what LIKE 'policy\_%' THEN r ->> 'id' END::uuid,
           (r ->> 'actor_id')::uuid, (r ->> 'group_id')::uuid, (r ->> 'site_id')::uuid
    FROM jsonb_array_elements(rows) AS r;
END $$;

-- A changed connection is one that was removed, and another one.
CREATE OR REPLACE FUNCTION audit_connection_changed() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM audit_rows('resource_site_deleted', (
        SELECT coalesce(jsonb_agg(to_jsonb(o)), '[]') FROM (SELECT * FROM old_rows EXCEPT SELECT * FROM new_rows) AS o));
    PERFORM audit_rows('resource_site_created', (
        SELECT coalesce(jsonb_agg(to_jsonb(n)), '[]') FROM (SELECT * FROM new_rows EXCEPT SELECT * FROM old_rows) AS n));
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER audit_changed AFTER UPDATE ON resource_site
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION audit_connection_changed();
DROP TRIGGER IF EXISTS audit_left ON resource_site;
DROP TRIGGER IF EXISTS audit_moved ON resource_site;

-- A denial. If it repeats the last decision about the same, and that is less than ten minutes old, it is counted in that
-- one's entry: the only thing of the audit that changes, and by the owner's hand alone, since the application's role can
-- change none of it.
CREATE OR REPLACE FUNCTION audit_denial(account uuid, client uuid, resource uuid, why text, violated text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE audit_entry SET count = count + 1, last_at = clock_timestamp()
    WHERE id = (SELECT id FROM audit_entry
                WHERE action IN ('flow_denied', 'flow_granted') AND client_id = client AND resource_id = resource
                ORDER BY id DESC LIMIT 1)
      AND action = 'flow_denied' AND account_id = account AND reason = why AND properties = violated
      AND at > now() - interval '10 minutes';
    IF NOT FOUND THEN
        INSERT INTO audit_entry (account_id, action, client_id, resource_id, reason, properties)
        VALUES (account, 'flow_denied', client, resource, why, violated);
    END IF;
END $$;
