-- Directories: who an account's people and groups are, where somebody else administers them.

CREATE TABLE directory (
    id              uuid PRIMARY KEY,
    account_id      uuid NOT NULL REFERENCES account,
    name            text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
    name_key        text COLLATE "C" NOT NULL,
    type            text NOT NULL CHECK (type IN ('scim')),
    disabled_at     timestamptz,
    -- How many of its people it has taken away since when, and when its admins were last told that these are many.
    losses          int NOT NULL DEFAULT 0,
    losses_since    timestamptz,
    alarmed_at      timestamptz,
    inserted_at     timestamptz NOT NULL DEFAULT now(),
    version         bigint NOT NULL DEFAULT 1,
    UNIQUE (account_id, id),
    UNIQUE (account_id, name)
);
CREATE INDEX directory_name_prefix ON directory (account_id, name_key);
CREATE TRIGGER key_name BEFORE INSERT OR UPDATE OF name, name_key ON directory
    FOR EACH ROW EXECUTE FUNCTION key_name();
CREATE TRIGGER raise_version BEFORE UPDATE ON directory
    FOR EACH ROW WHEN ((OLD.name, OLD.disabled_at) IS DISTINCT FROM (NEW.name, NEW.disabled_at))
    EXECUTE FUNCTION raise_version();

-- Whom it has made stays its own: it changes and removes them, and nobody else's.
ALTER TABLE actor
    ADD COLUMN directory_id uuid,
    ADD FOREIGN KEY (account_id, directory_id) REFERENCES directory (account_id, id);
CREATE INDEX actor_directory ON actor (account_id, directory_id) WHERE directory_id IS NOT NULL;
ALTER TABLE actor_group
    ADD COLUMN directory_id uuid,
    ADD FOREIGN KEY (account_id, directory_id) REFERENCES directory (account_id, id);
CREATE INDEX actor_group_directory ON actor_group (account_id, directory_id) WHERE directory_id IS NOT NULL;

-- What a directory says of an actor that it has made.
CREATE TABLE directory_user (
    id           uuid NOT NULL,
    account_id   uuid NOT NULL REFERENCES account,
    directory_id uuid NOT NULL,
    -- Its own id of them, which never changes.
    external_id  text COLLATE "C",
    user_name    text NOT NULL,
    -- In lower case: names that differ in that alone are one.
    user_key     text COLLATE "C" NOT NULL,
    active       boolean NOT NULL,
    -- Whether it is for that that the actor is disabled: whom an admin has disabled, no directory enables.
    suspended    boolean NOT NULL DEFAULT false,
    -- All that it says, as it says it.
    resource     jsonb NOT NULL,
    inserted_at  timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    version      bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (account_id, id),
    UNIQUE (directory_id, external_id),
    FOREIGN KEY (account_id, id) REFERENCES actor (account_id, id) ON DELETE CASCADE,
    FOREIGN KEY (account_id, directory_id) REFERENCES directory (account_id, id),
    CHECK (NOT (active AND suspended))
);
CREATE INDEX directory_user_name ON directory_user (directory_id, user_key);
CREATE INDEX directory_user_page ON directory_user (directory_id, id);

-- And of a group.
CREATE TABLE directory_group (
    id           uuid NOT NULL,
    account_id   uuid NOT NULL REFERENCES account,
    directory_id uuid NOT NULL,
    external_id  text COLLATE "C",
    display_name text NOT NULL,
    display_key  text COLLATE "C" NOT NULL,
    resource     jsonb NOT NULL,
    inserted_at  timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    version      bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (account_id, id),
    UNIQUE (directory_id, external_id),
    FOREIGN KEY (account_id, id) REFERENCES actor_group (account_id, id) ON DELETE CASCADE,
    FOREIGN KEY (account_id, directory_id) REFERENCES directory (account_id, id)
);
CREATE INDEX directory_group_name ON directory_group (directory_id, display_key);
CREATE INDEX directory_group_page ON directory_group (directory_id, id);

DO $$
DECLARE
    owned text;
BEGIN
    FOREACH owned IN ARRAY ARRAY['directory', 'directory_user', 'directory_group'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
        EXECUTE format('CREATE POLICY of_account ON %I USING (account_id = current_account())', owned);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO "${application_role}"', owned);
    END LOOP;
    FOREACH owned IN ARRAY ARRAY['directory_user', 'directory_group'] LOOP
        EXECUTE format('CREATE TRIGGER raise_version BEFORE UPDATE ON %I
                        FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION raise_version()', owned);
    END LOOP;
END $$;

CREATE TRIGGER audit_created AFTER INSERT ON directory REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION audit_created();
CREATE TRIGGER audit_changed AFTER UPDATE ON directory REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION audit_changed();
CREATE TRIGGER audit_deleted AFTER DELETE ON directory REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION audit_deleted();

-- A directory that calls us shows a token of its own.
DO $$
DECLARE
    outdated text;
BEGIN
    FOR outdated IN SELECT conname FROM pg_constraint WHERE conrelid = 'token'::regclass AND contype = 'c' LOOP
        EXECUTE format('ALTER TABLE token DROP CONSTRAINT %I', outdated);
    END LOOP;
END $$;
ALTER TABLE token
    ADD COLUMN directory_id uuid,
    ADD FOREIGN KEY (account_id, directory_id) REFERENCES directory (account_id, id) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT token_type CHECK (type IN ('client', 'gateway', 'api_client', 'directory')),
    ADD CONSTRAINT token_of_actor CHECK ((type IN ('client', 'api_client')) = (actor_id IS NOT NULL)),
    ADD CONSTRAINT token_of_site CHECK ((type = 'gateway') = (site_id IS NOT NULL)),
    ADD CONSTRAINT token_of_directory CHECK ((type = 'directory') = (directory_id IS NOT NULL)),
    ADD CONSTRAINT token_ends CHECK (type IN ('gateway', 'directory') OR expires_at IS NOT NULL);
CREATE INDEX token_directory ON token (account_id, directory_id) WHERE directory_id IS NOT NULL;
