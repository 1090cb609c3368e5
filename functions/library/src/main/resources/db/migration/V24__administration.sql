-- What the API needs of what is administered.

-- How often a row was changed, by whomever: an ETag is made of it.
CREATE FUNCTION raise_version() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;

DO $$
DECLARE
    administered text;
BEGIN
    FOREACH administered IN ARRAY ARRAY['account', 'actor', 'actor_group', 'site', 'resource', 'policy'] LOOP
        EXECUTE format('ALTER TABLE %I ADD COLUMN version bigint NOT NULL DEFAULT 1', administered);
        EXECUTE format('CREATE TRIGGER raise_version BEFORE UPDATE ON %I
                        FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION raise_version()', administered);
    END LOOP;
END $$;

-- What devices change by connecting is no change of these.
ALTER TABLE client ADD COLUMN version bigint NOT NULL DEFAULT 1;
CREATE TRIGGER raise_version BEFORE UPDATE ON client
    FOR EACH ROW WHEN ((OLD.name, OLD.actor_id, OLD.verified_at) IS DISTINCT FROM (NEW.name, NEW.actor_id, NEW.verified_at))
    EXECUTE FUNCTION raise_version();
ALTER TABLE gateway ADD COLUMN version bigint NOT NULL DEFAULT 1;
CREATE TRIGGER raise_version BEFORE UPDATE ON gateway
    FOR EACH ROW WHEN ((OLD.name, OLD.site_id) IS DISTINCT FROM (NEW.name, NEW.site_id)) EXECUTE FUNCTION raise_version();

-- The sites that serve a resource are shown with it.
CREATE FUNCTION raise_resource_version() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    changed resource_site[];
BEGIN
    CASE TG_OP
    WHEN 'INSERT' THEN
        changed := ARRAY(SELECT ROW(n.*)::resource_site FROM new_rows n);
    WHEN 'DELETE' THEN
        changed := ARRAY(SELECT ROW(o.*)::resource_site FROM old_rows o);
    ELSE
        changed := ARRAY(SELECT ROW(c.*)::resource_site FROM (
            (SELECT * FROM old_rows EXCEPT SELECT * FROM new_rows)
            UNION (SELECT * FROM new_rows EXCEPT SELECT * FROM old_rows)) AS c);
    END CASE;
    UPDATE resource r SET version = r.version + 1
    WHERE (r.account_id, r.id) IN (SELECT account_id, resource_id FROM unnest(changed));
    RETURN NULL;
END $$;
CREATE TRIGGER raise_version_connected AFTER INSERT ON resource_site
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION raise_resource_version();
CREATE TRIGGER raise_version_moved AFTER UPDATE ON resource_site
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION raise_resource_version();
CREATE TRIGGER raise_version_disconnected AFTER DELETE ON resource_site
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION raise_resource_version();

-- A list that is narrowed to names which begin so is found by an index.
CREATE INDEX site_name_prefix ON site (account_id, lower(name) text_pattern_ops);
CREATE INDEX actor_name_prefix ON actor (account_id, lower(name) text_pattern_ops);
CREATE INDEX resource_name_prefix ON resource (account_id, lower(name) text_pattern_ops);
CREATE INDEX client_name_prefix ON client (account_id, lower(name) text_pattern_ops);
CREATE INDEX actor_group_name_prefix ON actor_group (account_id, lower(name) text_pattern_ops);

-- API clients sign in with tokens of their own.
ALTER TABLE token
    DROP CONSTRAINT token_type_check,
    ADD CHECK (type IN ('client', 'gateway', 'api_client')),
    DROP CONSTRAINT token_check,
    ADD CHECK ((type IN ('client', 'api_client')) = (actor_id IS NOT NULL)),
    DROP CONSTRAINT token_check2,
    ADD CHECK (type = 'gateway' OR expires_at IS NOT NULL);

-- Which requests were carried out, so that they are not when they come again. The answer holds no secret.
CREATE TABLE idempotency_key (
    account_id uuid NOT NULL REFERENCES account,
    key        text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    -- The path, and the SHA-256 of the body.
    request    text NOT NULL,
    -- Null only within the transaction that carries it out.
    object_id  uuid,
    answer     json,
    at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, key)
);
CREATE INDEX idempotency_key_at ON idempotency_key (at);
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_key TO "${application_role}";
