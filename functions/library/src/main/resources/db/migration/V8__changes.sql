-- Who changed what. Every change of what decides about access leaves an entry in the audit, in the transaction that makes
-- it and whoever makes it: like the ending of access, this stands below all writers, so that none can forget it. The
-- portal names its operator in the transaction's setting sluice.subject; without it the database's role is the subject.

ALTER TABLE audit_entry DROP CONSTRAINT audit_entry_action_check;
ALTER TABLE audit_entry
    ADD COLUMN subject text,
    -- What was changed, where that is none of the columns above.
    ADD COLUMN object_id uuid,
    ADD CONSTRAINT audit_entry_action_check CHECK (
        action IN ('flow_granted', 'flow_denied', 'flow_confirmed', 'flow_ended', 'flow_shortened', 'access_rejected')
        OR action ~ '^(account|actor|actor_group|membership|site|token|resource|resource_site|policy|stream_hold)_(created|changed|deleted)$');

CREATE FUNCTION subject() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('sluice.subject', true), ''), 'role ' || session_user)
$$;

CREATE FUNCTION audit_rows(what text, rows jsonb) RETURNS void LANGUAGE sql AS $$
    INSERT INTO audit_entry (account_id, action, subject, object_id, client_id, resource_id, policy_id)
    SELECT coalesce(r ->> 'account_id', r ->> 'id')::uuid, what, subject(),
           coalesce(r ->> 'id', r ->> 'device_id')::uuid, (r ->> 'client_id')::uuid,
           CASE what WHEN 'resource_created' THEN r ->> 'id' WHEN 'resource_changed' THEN r ->> 'id'
                     WHEN 'resource_deleted' THEN r ->> 'id' ELSE r ->> 'resource_id' END::uuid,
           CASE WHEN what LIKE 'policy\_%' THEN r ->> 'id' END::uuid
    FROM jsonb_array_elements(rows) AS r
$$;

CREATE FUNCTION audit_created() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM audit_rows(TG_TABLE_NAME || '_created', (SELECT coalesce(jsonb_agg(to_jsonb(n)), '[]') FROM new_rows n));
    RETURN NULL;
END $$;

-- That a token was used is no change of it.
CREATE FUNCTION audit_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM audit_rows(TG_TABLE_NAME || '_changed', (
        SELECT coalesce(jsonb_agg(to_jsonb(n)), '[]') FROM new_rows n JOIN old_rows o ON o.id = n.id
        WHERE to_jsonb(n) - 'last_seen_at' <> to_jsonb(o) - 'last_seen_at'));
    RETURN NULL;
END $$;

CREATE FUNCTION audit_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM audit_rows(TG_TABLE_NAME || '_deleted', (SELECT coalesce(jsonb_agg(to_jsonb(o)), '[]') FROM old_rows o));
    RETURN NULL;
END $$;

DO $$
DECLARE
    watched text;
BEGIN
    FOREACH watched IN ARRAY ARRAY['account', 'actor', 'actor_group', 'membership', 'site', 'token', 'resource',
                                   'resource_site', 'policy', 'stream_hold'] LOOP
        EXECUTE format('CREATE TRIGGER audit_created AFTER INSERT ON %I REFERENCING NEW TABLE AS new_rows
                        FOR EACH STATEMENT EXECUTE FUNCTION audit_created()', watched);
        EXECUTE format('CREATE TRIGGER audit_deleted AFTER DELETE ON %I REFERENCING OLD TABLE AS old_rows
                        FOR EACH STATEMENT EXECUTE FUNCTION audit_deleted()', watched);
        IF watched NOT IN ('resource_site', 'stream_hold') THEN
            EXECUTE format('CREATE TRIGGER audit_changed AFTER UPDATE ON %I
                            REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
                            FOR EACH STATEMENT EXECUTE FUNCTION audit_changed()', watched);
        END IF;
    END LOOP;
END $$;
