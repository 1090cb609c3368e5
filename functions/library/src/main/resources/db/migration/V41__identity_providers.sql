-- By what people prove who they are. Each account has the codes that are mailed; the others its admins add.
CREATE TABLE identity_provider (
    id            uuid PRIMARY KEY,
    account_id    uuid NOT NULL REFERENCES account,
    name          text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    name_key      text COLLATE "C" NOT NULL,
    type          text NOT NULL CHECK (type IN ('email', 'password', 'oidc', 'google', 'entra', 'okta')),
    -- Of those that speak OpenID Connect: who they are, and as whom we ask. The secret is sealed.
    issuer        text,
    client_id     text,
    client_secret bytea,
    disabled_at   timestamptz,
    inserted_at   timestamptz NOT NULL DEFAULT now(),
    version       bigint NOT NULL DEFAULT 1,
    UNIQUE (account_id, id),
    UNIQUE (account_id, name),
    CHECK ((type IN ('email', 'password')) = (issuer IS NULL)),
    CHECK ((issuer IS NULL) = (client_id IS NULL)),
    CHECK (issuer IS NOT NULL OR client_secret IS NULL)
);
CREATE UNIQUE INDEX identity_provider_own ON identity_provider (account_id, type) WHERE issuer IS NULL;
CREATE INDEX identity_provider_name_prefix ON identity_provider (account_id, name_key);
CREATE TRIGGER key_name BEFORE INSERT OR UPDATE OF name, name_key ON identity_provider
    FOR EACH ROW EXECUTE FUNCTION key_name();
CREATE TRIGGER raise_version BEFORE UPDATE ON identity_provider
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION raise_version();

INSERT INTO identity_provider (id, account_id, name, type) SELECT gen_random_uuid(), id, 'E-mail', 'email' FROM account;

-- Who somebody is at a provider: what that calls them, for good; for a password, the actor's own id.
CREATE TABLE identity (
    id            uuid PRIMARY KEY,
    account_id    uuid NOT NULL REFERENCES account,
    provider_id   uuid NOT NULL,
    actor_id      uuid NOT NULL,
    subject       text COLLATE "C" NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
    password_hash text,
    inserted_at   timestamptz NOT NULL DEFAULT now(),
    last_seen_at  timestamptz,
    UNIQUE (account_id, provider_id, subject),
    UNIQUE (account_id, provider_id, actor_id),
    FOREIGN KEY (account_id, provider_id) REFERENCES identity_provider (account_id, id) ON DELETE CASCADE,
    FOREIGN KEY (account_id, actor_id) REFERENCES actor (account_id, id) ON DELETE CASCADE
);
CREATE INDEX identity_actor ON identity (account_id, actor_id);

DO $$
DECLARE
    owned text;
BEGIN
    FOREACH owned IN ARRAY ARRAY['identity_provider', 'identity'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
        EXECUTE format('CREATE POLICY of_account ON %I USING (account_id = current_account())', owned);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO "${application_role}"', owned);
        EXECUTE format('CREATE TRIGGER audit_created AFTER INSERT ON %I REFERENCING NEW TABLE AS new_rows
                        FOR EACH STATEMENT EXECUTE FUNCTION audit_created()', owned);
        EXECUTE format('CREATE TRIGGER audit_changed AFTER UPDATE ON %I
                        REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
                        FOR EACH STATEMENT EXECUTE FUNCTION audit_changed()', owned);
        EXECUTE format('CREATE TRIGGER audit_deleted AFTER DELETE ON %I REFERENCING OLD TABLE AS old_rows
                        FOR EACH STATEMENT EXECUTE FUNCTION audit_deleted()', owned);
    END LOOP;
END $$;

-- By which of them somebody had signed in whom the token is of.
ALTER TABLE token
    ADD COLUMN provider_id uuid,
    ADD FOREIGN KEY (account_id, provider_id) REFERENCES identity_provider (account_id, id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX token_provider ON token (account_id, provider_id) WHERE provider_id IS NOT NULL;
