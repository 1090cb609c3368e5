-- Accounts and who acts in them. Every table of an account has UNIQUE (account_id, id), and every reference between such
-- tables carries the account, so that no row can point into another account.

CREATE TABLE account (
    id              uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    slug            text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9_]{3,100}$'),
    name            text NOT NULL CHECK (length(name) BETWEEN 3 AND 64),
    search_domain   text,
    upstream_dns    text[] NOT NULL DEFAULT '{}',
    disabled_at     timestamptz,
    disabled_reason text,
    inserted_at     timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE actor (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    account_id  uuid NOT NULL REFERENCES account,
    type        text NOT NULL CHECK (type IN ('user', 'admin', 'service_account', 'api_client')),
    name        text NOT NULL,
    email       text,
    disabled_at timestamptz,
    inserted_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (account_id, id),
    UNIQUE (account_id, email)
);

CREATE TABLE actor_group (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    account_id  uuid NOT NULL REFERENCES account,
    name        text NOT NULL,
    -- 'everyone' is virtual: all users and admins belong to it and no membership says so.
    type        text NOT NULL CHECK (type IN ('static', 'everyone')),
    inserted_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (account_id, id),
    UNIQUE (account_id, name)
);
CREATE UNIQUE INDEX actor_group_everyone ON actor_group (account_id) WHERE type = 'everyone';

CREATE TABLE membership (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    account_id  uuid NOT NULL REFERENCES account,
    group_id    uuid NOT NULL,
    actor_id    uuid NOT NULL,
    inserted_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (account_id, id),
    UNIQUE (account_id, actor_id, group_id),
    FOREIGN KEY (account_id, group_id) REFERENCES actor_group (account_id, id) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (account_id, actor_id) REFERENCES actor (account_id, id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX membership_group ON membership (account_id, group_id);

CREATE TABLE site (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    account_id  uuid NOT NULL REFERENCES account,
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 64),
    managed_by  text NOT NULL DEFAULT 'account' CHECK (managed_by IN ('account', 'system')),
    inserted_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (account_id, id),
    UNIQUE (account_id, name, managed_by)
);

CREATE TABLE token (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    account_id   uuid NOT NULL REFERENCES account,
    type         text NOT NULL CHECK (type IN ('client', 'gateway')),
    name         text,
    actor_id     uuid,
    site_id      uuid,
    secret_salt  text NOT NULL,
    -- Lower-case hexadecimal SHA3-256 of nonce, fragment and salt.
    secret_hash  text NOT NULL,
    expires_at   timestamptz,
    inserted_at  timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz,
    UNIQUE (account_id, id),
    FOREIGN KEY (account_id, actor_id) REFERENCES actor (account_id, id) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (account_id, site_id) REFERENCES site (account_id, id) DEFERRABLE INITIALLY DEFERRED,
    CHECK ((type = 'client') = (actor_id IS NOT NULL)),
    CHECK ((type = 'gateway') = (site_id IS NOT NULL)),
    CHECK (type <> 'client' OR expires_at IS NOT NULL)
);
CREATE INDEX token_actor ON token (account_id, actor_id);
CREATE INDEX token_site ON token (account_id, site_id);
CREATE INDEX token_expiry ON token (expires_at);

-- What tokens are signed with, unless it is configured. One row.
CREATE TABLE token_key (
    one  boolean PRIMARY KEY DEFAULT true CHECK (one),
    base text NOT NULL,
    salt text NOT NULL
);
