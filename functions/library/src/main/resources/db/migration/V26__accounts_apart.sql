-- No account sees another's rows, whatever a statement forgets to say. The account is said with each transaction, in its
-- setting sluice.account; where none was said there are no rows. It holds for the application's role: the owner, whose
-- rights functions have that cross accounts, sees all (R__across_accounts).

CREATE FUNCTION current_account() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE RETURN nullif(current_setting('sluice.account', true), '')::uuid;

ALTER TABLE account ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_account ON account USING (id = current_account());
DO $$
DECLARE
    owned text;
BEGIN
    FOREACH owned IN ARRAY ARRAY[
        'actor', 'actor_group', 'membership', 'site', 'token', 'token_secret', 'gateway', 'client', 'tunnel_address',
        'resource', 'resource_site', 'policy', 'policy_test', 'flow', 'audit_entry', 'channel', 'stream_hold', 'outbox',
        'candidate', 'idempotency_key'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
        EXECUTE format('CREATE POLICY of_account ON %I USING (account_id = current_account())', owned);
    END LOOP;
END $$;

-- Jobs look at what is due (end_unanswered), nobody else does.
REVOKE SELECT, UPDATE, DELETE ON flow_deadline FROM "${application_role}";

-- What a list is narrowed to must be found by an index without a function that could tell what it is given: lower() may not
-- be asked about a row before it is known to be the account's.
CREATE FUNCTION key_name() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    NEW.name_key := lower(NEW.name);
    RETURN NEW;
END $$;
DO $$
DECLARE
    named text;
BEGIN
    FOREACH named IN ARRAY ARRAY['site', 'actor', 'actor_group', 'resource', 'client', 'gateway'] LOOP
        EXECUTE format('ALTER TABLE %I ADD COLUMN name_key text COLLATE "C"', named);
        EXECUTE format('ALTER TABLE %I DISABLE TRIGGER USER', named);
        EXECUTE format('UPDATE %I SET name_key = lower(name)', named);
        EXECUTE format('ALTER TABLE %I ENABLE TRIGGER USER', named);
        EXECUTE format('ALTER TABLE %I ALTER name_key SET NOT NULL', named);
        -- Before raise_version, by the order of the names: who renames something changes it once.
        EXECUTE format('CREATE TRIGGER key_name BEFORE INSERT OR UPDATE OF name, name_key ON %I
                        FOR EACH ROW EXECUTE FUNCTION key_name()', named);
        EXECUTE format('DROP INDEX IF EXISTS %I', named || '_name_prefix');
        EXECUTE format('CREATE INDEX %I ON %I (account_id, name_key)', named || '_name_prefix', named);
    END LOOP;
END $$;
