-- Directories that are asked: what is read of one is staged, held against what is there, and applied.

ALTER TABLE directory
    DROP CONSTRAINT directory_type_check,
    ADD CHECK (type IN ('scim', 'workos', 'entra')),
    -- Entra: the tenant, and as whom it is asked.
    ADD COLUMN tenant_id text,
    ADD COLUMN client_id text,
    -- By what it knows us, sealed (package secret).
    ADD COLUMN client_secret bytea,
    -- WorkOS: the organization that was made for it, and the directory that its admin has linked.
    ADD COLUMN organization_id text,
    ADD COLUMN source_id text UNIQUE,
    -- From when on somebody wants it to be asked.
    ADD COLUMN wanted_at timestamptz;
DROP TRIGGER raise_version ON directory;
CREATE TRIGGER raise_version BEFORE UPDATE ON directory
    FOR EACH ROW WHEN ((OLD.name, OLD.disabled_at, OLD.tenant_id, OLD.client_id, OLD.client_secret, OLD.organization_id,
                        OLD.source_id)
                       IS DISTINCT FROM (NEW.name, NEW.disabled_at, NEW.tenant_id, NEW.client_id, NEW.client_secret,
                        NEW.organization_id, NEW.source_id))
    EXECUTE FUNCTION raise_version();

-- When an event said something of somebody: what was read before is older than that.
ALTER TABLE directory_user ADD COLUMN told_at timestamptz;

-- Each time that a directory was asked. The latest says how it stands.
CREATE TABLE directory_run (
    id           uuid PRIMARY KEY,
    account_id   uuid NOT NULL REFERENCES account,
    directory_id uuid NOT NULL,
    started_at   timestamptz NOT NULL DEFAULT now(),
    -- When whoever is at it was last heard of.
    beat_at      timestamptz NOT NULL DEFAULT now(),
    -- When all was read.
    read_at      timestamptz,
    finished_at  timestamptz,
    outcome      text CHECK (outcome IN ('applied', 'unchanged', 'held', 'failed')),
    -- In words, for admins.
    error        text,
    -- How many have failed one after the other, and when it is asked again.
    failures     int NOT NULL DEFAULT 0,
    next_at      timestamptz,
    -- How many of what were added, changed and removed.
    counts       jsonb NOT NULL DEFAULT '{}',
    UNIQUE (account_id, id),
    FOREIGN KEY (account_id, directory_id) REFERENCES directory (account_id, id) ON DELETE CASCADE,
    CHECK ((finished_at IS NULL) = (outcome IS NULL))
);
CREATE UNIQUE INDEX directory_run_open ON directory_run (directory_id) WHERE finished_at IS NULL;
CREATE INDEX directory_run_latest ON directory_run (directory_id, started_at DESC);

-- What a directory does not mention any more, where that was too much at once to be believed. Whom an admin keeps all the
-- same stays until it mentions them again.
CREATE TABLE directory_held (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    account_id   uuid NOT NULL REFERENCES account,
    directory_id uuid NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('user', 'group', 'member')),
    -- The group, of a group or a member.
    group_id     uuid,
    -- The user, of a user or a member.
    actor_id     uuid,
    kept         boolean NOT NULL DEFAULT false,
    UNIQUE NULLS NOT DISTINCT (directory_id, kind, group_id, actor_id),
    FOREIGN KEY (account_id, directory_id) REFERENCES directory (account_id, id) ON DELETE CASCADE,
    FOREIGN KEY (account_id, group_id) REFERENCES actor_group (account_id, id) ON DELETE CASCADE,
    FOREIGN KEY (account_id, actor_id) REFERENCES actor (account_id, id) ON DELETE CASCADE
);
CREATE INDEX directory_held_group ON directory_held (account_id, group_id);
CREATE INDEX directory_held_actor ON directory_held (account_id, actor_id);

-- What was read of a directory so far. All of it is lost together when the server crashes: then it is read anew.
CREATE UNLOGGED TABLE directory_progress (
    directory_id uuid PRIMARY KEY,
    account_id   uuid NOT NULL,
    part         text NOT NULL CHECK (part IN ('users', 'groups', 'members', 'all')),
    -- Behind which page, or which group's members.
    position     text,
    begun_at     timestamptz NOT NULL DEFAULT now(),
    read_at      timestamptz NOT NULL DEFAULT now()
);
CREATE UNLOGGED TABLE staged_user (
    directory_id uuid NOT NULL,
    account_id   uuid NOT NULL,
    -- When the directory was asked that said so.
    read_at      timestamptz NOT NULL,
    external_id  text COLLATE "C" NOT NULL,
    user_name    text NOT NULL,
    name         text NOT NULL,
    email        text,
    active       boolean NOT NULL,
    resource     jsonb NOT NULL,
    PRIMARY KEY (directory_id, external_id)
);
CREATE UNLOGGED TABLE staged_group (
    directory_id uuid NOT NULL,
    account_id   uuid NOT NULL,
    external_id  text COLLATE "C" NOT NULL,
    name         text NOT NULL,
    PRIMARY KEY (directory_id, external_id)
);
-- A group's members are staged once, all together, and nobody looks for one of them.
CREATE UNLOGGED TABLE staged_member (
    directory_id      uuid NOT NULL,
    account_id        uuid NOT NULL,
    group_external_id text COLLATE "C" NOT NULL,
    user_external_id  text COLLATE "C" NOT NULL
);
CREATE INDEX staged_member_directory ON staged_member (directory_id);

-- The account of a membership is that of its group and its actor, and they say that there is one: to ask for that once more
-- is a tenth of what it takes to add one.
ALTER TABLE membership DROP CONSTRAINT membership_account_id_fkey;

-- One index leads to a membership by its id, the one that flows refer to.
ALTER TABLE flow DROP CONSTRAINT flow_account_id_membership_id_fkey;
ALTER TABLE membership
    DROP CONSTRAINT membership_pkey,
    DROP CONSTRAINT membership_account_id_id_key,
    ADD PRIMARY KEY (account_id, id);
ALTER TABLE flow
    ADD FOREIGN KEY (account_id, membership_id) REFERENCES membership (account_id, id) DEFERRABLE INITIALLY DEFERRED;

-- Both of the others lead to one membership: which of them a plan takes matters to nobody.
DROP INDEX membership_group;
CREATE INDEX membership_group ON membership (account_id, group_id, actor_id);

-- The inbox of WorkOS' webhook.
CREATE TABLE workos_event (
    id          text PRIMARY KEY,
    type        text NOT NULL,
    source_id   text,
    received_at timestamptz NOT NULL DEFAULT now(),
    outcome     text NOT NULL
);
CREATE INDEX workos_event_received ON workos_event (received_at);
GRANT SELECT, INSERT, DELETE ON workos_event TO "${application_role}";

DO $$
DECLARE
    owned text;
BEGIN
    FOREACH owned IN ARRAY ARRAY['directory_run', 'directory_held', 'directory_progress', 'staged_user', 'staged_group',
                                 'staged_member'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
        -- Asked for once a statement, and not for each of its many rows.
        EXECUTE format('CREATE POLICY of_account ON %I USING (account_id = (SELECT current_account()))', owned);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO "${application_role}"', owned);
    END LOOP;
END $$;
