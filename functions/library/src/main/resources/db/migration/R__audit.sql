-- Who changed what, and what of: see V8. A changed value leaves an entry, and one that is written again does not.

-- Everything that is recorded. What stands there already was checked when it was written. No regular expression: it would
-- take a third of what an entry takes.
ALTER DOMAIN audit_action DROP CONSTRAINT IF EXISTS audit_action_check;
ALTER DOMAIN audit_action ADD CONSTRAINT audit_action_check CHECK (
    VALUE IN ('flow_granted', 'flow_denied', 'flow_confirmed', 'flow_ended', 'flow_shortened', 'flow_handed_over',
              'access_rejected')
    OR (right(VALUE, 8) IN ('_created', '_changed', '_deleted')
        AND left(VALUE, -8) IN (
            'account', 'actor', 'actor_group', 'membership', 'site', 'token', 'token_secret', 'resource', 'resource_site',
            'policy', 'policy_test', 'subscription', 'directory', 'identity_provider',
            'identity', 'stream_hold', 'client', 'gateway'))) NOT VALID;

-- What an entry shows of a row: no keys, hashes or secrets, and nothing that a device changes by connecting.
CREATE OR REPLACE FUNCTION audited_columns(of text) RETURNS text[]
    LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT CASE of
        WHEN 'account' THEN ARRAY['slug', 'name', 'search_domain', 'upstream_dns', 'disabled_at', 'disabled_reason',
                                   'policy_tests_enforced', 'legal_name', 'limits', 'features', 'warning']
        WHEN 'actor' THEN ARRAY['type', 'name', 'email', 'disabled_at', 'directory_id']
        WHEN 'actor_group' THEN ARRAY['type', 'name', 'directory_id']
        WHEN 'membership' THEN ARRAY['group_id', 'actor_id']
        WHEN 'site' THEN ARRAY['name', 'managed_by']
        WHEN 'token' THEN ARRAY['type', 'name', 'actor_id', 'site_id', 'directory_id', 'provider_id', 'expires_at']
        WHEN 'token_secret' THEN ARRAY['token_id', 'place']
        WHEN 'gateway' THEN ARRAY['name', 'site_id', 'external_id', 'ipv4', 'ipv6']
        WHEN 'client' THEN ARRAY['name', 'actor_id', 'external_id', 'ipv4', 'ipv6', 'verified_at']
        WHEN 'resource' THEN ARRAY['type', 'name', 'address', 'address_description', 'ip_stack', 'filters']
        WHEN 'resource_site' THEN ARRAY['resource_id', 'site_id']
        WHEN 'policy' THEN ARRAY['group_id', 'resource_id', 'description', 'conditions', 'disabled_at']
        WHEN 'policy_test' THEN ARRAY['name', 'actor_id', 'resource_id', 'can_reach', 'at', 'remote_ip', 'region', 'verified']
        WHEN 'subscription' THEN ARRAY['customer_id', 'subscription_id', 'status', 'product', 'support_type', 'trial_ends_at',
                                       'ended_reason', 'ends_at']
        WHEN 'directory' THEN ARRAY['type', 'name', 'disabled_at', 'tenant_id', 'client_id', 'organization_id', 'source_id']
        WHEN 'identity_provider' THEN ARRAY['type', 'name', 'issuer', 'client_id', 'disabled_at']
        WHEN 'identity' THEN ARRAY['provider_id', 'actor_id', 'subject']
        WHEN 'stream_hold' THEN ARRAY['device_id']
    END
$$;

CREATE OR REPLACE FUNCTION audit_image(of text, r jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $$
    SELECT jsonb_object_agg(audited, r -> audited) FROM unnest(audited_columns(of)) AS audited WHERE r ? audited
$$;

-- One entry for each of the changes, each with the row before, after, or both. Most statements on devices and tokens change
-- nothing that is worth one; those of directories change many thousands of rows, so that what is the same for all is asked
-- once: whoever did it, and what of the table is not shown.
CREATE OR REPLACE FUNCTION audit_rows(of text, done text, changes jsonb) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    who     text   := subject();
    audited text[] := audited_columns(of);
    hidden  text[];
BEGIN
    IF changes IS NULL THEN
        RETURN;
    END IF;
    hidden := ARRAY(
        SELECT shown FROM jsonb_object_keys(coalesce(changes -> 0 -> 'after', changes -> 0 -> 'before')) AS shown
        WHERE shown <> ALL (audited));
    INSERT INTO audit_entry (account_id, action, subject, object_id, client_id, resource_id, gateway_id, policy_id,
                             actor_id, group_id, site_id, before, after)
    SELECT coalesce(r ->> 'account_id', r ->> 'id')::uuid, of || '_' || done, who,
           coalesce(r ->> 'id', r ->> 'device_id')::uuid,
           -- Where somebody else gives out what they call the portal, that is no client of ours.
           CASE WHEN of = 'client' THEN r ->> 'id' WHEN of NOT IN ('directory', 'identity_provider') THEN r ->> 'client_id'
           END::uuid,
           CASE of WHEN 'resource' THEN r ->> 'id' ELSE r ->> 'resource_id' END::uuid,
           CASE of WHEN 'gateway' THEN r ->> 'id' END::uuid,
           CASE of WHEN 'policy' THEN r ->> 'id' END::uuid,
           (r ->> 'actor_id')::uuid, (r ->> 'group_id')::uuid, (r ->> 'site_id')::uuid,
           (change -> 'before') - hidden, (change -> 'after') - hidden
    FROM jsonb_array_elements(changes) AS change, coalesce(change -> 'after', change -> 'before') AS r;
END $$;

CREATE OR REPLACE FUNCTION audit_created() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM audit_rows(TG_TABLE_NAME, 'created', (
        SELECT jsonb_agg(jsonb_build_object('after', to_jsonb(n))) FROM new_rows n));
    RETURN NULL;
END $$;

-- The same for memberships, of which a directory adds a million: without going by JSON and back.
CREATE OR REPLACE FUNCTION audit_members_created() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    who  text         := subject();
    done audit_action := 'membership_created';
BEGIN
    INSERT INTO audit_entry (account_id, action, subject, object_id, actor_id, group_id, after)
    SELECT account_id, done, who, id, actor_id, group_id,
           jsonb_build_object('group_id', group_id, 'actor_id', actor_id)
    FROM new_rows;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER audit_created AFTER INSERT ON membership REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION audit_members_created();

-- What is not shown is no change either: that a token was used, that a device connected from elsewhere.
CREATE OR REPLACE FUNCTION audit_changed() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM audit_rows(TG_TABLE_NAME, 'changed', (
        SELECT jsonb_agg(jsonb_build_object('before', to_jsonb(o), 'after', to_jsonb(n)))
        FROM new_rows n JOIN old_rows o ON o.id = n.id
        WHERE audit_image(TG_TABLE_NAME, to_jsonb(n)) <> audit_image(TG_TABLE_NAME, to_jsonb(o))));
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION audit_deleted() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM audit_rows(TG_TABLE_NAME, 'deleted', (
        SELECT jsonb_agg(jsonb_build_object('before', to_jsonb(o))) FROM old_rows o));
    RETURN NULL;
END $$;

-- Devices and secrets are written each time that one connects. A condition on the row is looked at before anything of it is
-- made JSON, which would cost as much as the update does.
CREATE OR REPLACE FUNCTION audit_row_changed() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM audit_rows(TG_TABLE_NAME, 'changed', jsonb_build_array(
        jsonb_build_object('before', to_jsonb(OLD), 'after', to_jsonb(NEW))));
    RETURN NULL;
END $$;
DO $$
DECLARE
    seen text;
BEGIN
    FOREACH seen IN ARRAY ARRAY['client', 'gateway', 'token_secret'] LOOP
        EXECUTE format(
            'CREATE OR REPLACE TRIGGER audit_changed AFTER UPDATE ON %I FOR EACH ROW WHEN (%s) EXECUTE FUNCTION audit_row_changed()',
            seen,
            (SELECT string_agg(format('OLD.%1$I IS DISTINCT FROM NEW.%1$I', audited), ' OR ')
             FROM unnest(audited_columns(seen)) AS audited));
    END LOOP;
END $$;
DROP FUNCTION IF EXISTS audit_device_changed();

-- A changed connection is one that was removed, and another one.
CREATE OR REPLACE FUNCTION audit_connection_changed() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM audit_rows('resource_site', 'deleted', (
        SELECT jsonb_agg(jsonb_build_object('before', to_jsonb(o)))
        FROM (SELECT * FROM old_rows EXCEPT SELECT * FROM new_rows) AS o));
    PERFORM audit_rows('resource_site', 'created', (
        SELECT jsonb_agg(jsonb_build_object('after', to_jsonb(n)))
        FROM (SELECT * FROM new_rows EXCEPT SELECT * FROM old_rows) AS n));
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER audit_changed AFTER UPDATE ON resource_site
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION audit_connection_changed();
DROP TRIGGER IF EXISTS audit_left ON resource_site;
DROP TRIGGER IF EXISTS audit_moved ON resource_site;
DROP FUNCTION IF EXISTS audit_rows(text, jsonb);

-- A denial. If it repeats the last decision about the same, and that is less than ten minutes old, it is counted in that
-- one's entry: the only thing of the audit that changes, and by the owner's hand alone, since the application's role can
-- change none of it. It does so in the account in which the decision is made.
DROP FUNCTION IF EXISTS audit_denial(uuid, uuid, uuid, text, text[]);
CREATE OR REPLACE FUNCTION audit_denial(client uuid, resource uuid, why text, violated text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE audit_entry SET count = count + 1, last_at = clock_timestamp()
    WHERE (id, at) = (SELECT id, at FROM audit_entry
                      WHERE action IN ('flow_denied', 'flow_granted') AND client_id = client AND resource_id = resource
                        AND at > now() - interval '10 minutes'
                      ORDER BY id DESC LIMIT 1)
      AND at > now() - interval '10 minutes'
      AND action = 'flow_denied' AND account_id = current_account() AND reason = why AND properties = violated;
    IF NOT FOUND THEN
        INSERT INTO audit_entry (account_id, action, client_id, resource_id, reason, properties)
        VALUES (current_account(), 'flow_denied', client, resource, why, violated);
    END IF;
END $$;
REVOKE ALL ON FUNCTION audit_denial(uuid, uuid, text, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_denial(uuid, uuid, text, text[]) TO "${application_role}";
