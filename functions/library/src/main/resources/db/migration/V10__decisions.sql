-- What decisions and revocations need beyond V4, V6 and V8.

---------------------------------------------------------------------------------------------------------------- flow

-- Of a pending row: the gateway has confirmed an earlier generation, and holds it while it is asked anew.
ALTER TABLE flow ADD COLUMN held boolean NOT NULL DEFAULT false;

------------------------------------------------------------------------------------------------------------- client

-- Verification decides about resources like a policy does: the client looks again at those that ask for it.
CREATE OR REPLACE FUNCTION client_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE a uuid[]; c uuid[]; r uuid[];
BEGIN
    PERFORM end_flows('client_deleted', ARRAY(
        SELECT f.id FROM flow f JOIN new_rows n ON f.account_id = n.account_id AND f.client_id = n.id
        JOIN old_rows o ON o.id = n.id WHERE o.actor_id <> n.actor_id));
    PERFORM end_flows('condition_changed', ARRAY(
        SELECT f.id FROM flow f JOIN new_rows n ON f.account_id = n.account_id AND f.client_id = n.id
        JOIN old_rows o ON o.id = n.id WHERE o.verified_at IS NOT NULL AND n.verified_at IS NULL));
    SELECT array_agg(p.account_id), array_agg(n.id), array_agg(p.resource_id) INTO a, c, r
    FROM new_rows n JOIN old_rows o ON o.id = n.id
    JOIN reached_client reached ON reached.account_id = n.account_id AND reached.client_id = n.id
    JOIN policy p ON p.account_id = reached.account_id AND p.group_id = reached.group_id AND p.disabled_at IS NULL
    WHERE o.verified_at IS NOT NULL AND n.verified_at IS NULL;
    PERFORM tell_clients('condition_changed', 'resource', a, c, r);
    SELECT array_agg(p.account_id), array_agg(n.id), array_agg(p.resource_id) INTO a, c, r
    FROM new_rows n JOIN old_rows o ON o.id = n.id
    JOIN reached_client reached ON reached.account_id = n.account_id AND reached.client_id = n.id
    JOIN policy p ON p.account_id = reached.account_id AND p.group_id = reached.group_id AND p.disabled_at IS NULL
    WHERE o.verified_at IS NULL AND n.verified_at IS NOT NULL;
    PERFORM tell_clients(NULL, 'resource', a, c, r);
    RETURN NULL;
END $$;

--------------------------------------------------------------------------------------------------------------- audit

ALTER TABLE audit_entry
    -- Who was in which group, or where: an entry about a row that is gone must say it by itself.
    ADD COLUMN actor_id uuid,
    ADD COLUMN group_id uuid,
    ADD COLUMN site_id  uuid,
    DROP CONSTRAINT audit_entry_action_check,
    ADD CONSTRAINT audit_entry_action_check CHECK (
        action IN ('flow_granted', 'flow_denied', 'flow_confirmed', 'flow_ended', 'flow_shortened', 'access_rejected')
        OR action ~ '^(account|actor|actor_group|membership|site|token|resource|resource_site|policy|stream_hold|client|gateway)_(created|changed|deleted)$');

CREATE OR REPLACE FUNCTION audit_rows(what text, rows jsonb) RETURNS void LANGUAGE sql AS $$
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
    FROM jsonb_array_elements(rows) AS r
$$;

-- That a device connects, from somewhere, with another version or key, is no change of what decides.
CREATE FUNCTION audit_device_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM audit_rows(TG_TABLE_NAME || '_changed', (
        SELECT coalesce(jsonb_agg(to_jsonb(n)), '[]') FROM new_rows n JOIN old_rows o ON o.id = n.id
        WHERE (to_jsonb(n) -> 'verified_at', to_jsonb(n) -> 'actor_id', to_jsonb(n) -> 'site_id')
              IS DISTINCT FROM (to_jsonb(o) -> 'verified_at', to_jsonb(o) -> 'actor_id', to_jsonb(o) -> 'site_id')));
    RETURN NULL;
END $$;

DO $$
DECLARE
    watched text;
BEGIN
    FOREACH watched IN ARRAY ARRAY['client', 'gateway'] LOOP
        EXECUTE format('CREATE TRIGGER audit_created AFTER INSERT ON %I REFERENCING NEW TABLE AS new_rows
                        FOR EACH STATEMENT EXECUTE FUNCTION audit_created()', watched);
        EXECUTE format('CREATE TRIGGER audit_changed AFTER UPDATE ON %I
                        REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
                        FOR EACH STATEMENT EXECUTE FUNCTION audit_device_changed()', watched);
        EXECUTE format('CREATE TRIGGER audit_deleted AFTER DELETE ON %I REFERENCING OLD TABLE AS old_rows
                        FOR EACH STATEMENT EXECUTE FUNCTION audit_deleted()', watched);
    END LOOP;
END $$;

-- A changed connection is one that was removed, and another one.
CREATE TRIGGER audit_left AFTER UPDATE ON resource_site REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION audit_deleted();
CREATE TRIGGER audit_moved AFTER UPDATE ON resource_site REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION audit_created();

-------------------------------------------------------------------------------------------------------- search path

-- A role that may make temporary tables could put one named flow or outbox before ours, and what the functions say of
-- those would go there. So they look into this schema first, whoever calls them.
DO $$
DECLARE
    ours regprocedure;
BEGIN
    -- Extensions put functions of others there.
    FOR ours IN SELECT oid FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proowner = current_user::regrole LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = public, pg_temp', ours);
    END LOOP;
END $$;
