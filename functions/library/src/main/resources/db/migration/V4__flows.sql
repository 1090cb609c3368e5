-- One row for each (client, resource, gateway): the portal's word that the one may reach the other through the third.

-- Orders everything that is said about flows, over all pairs, and never restarts.
CREATE SEQUENCE flow_generation;

CREATE TABLE flow (
    id                 uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    account_id         uuid NOT NULL REFERENCES account,
    client_id          uuid NOT NULL,
    resource_id        uuid NOT NULL,
    gateway_id         uuid NOT NULL,
    policy_id          uuid NOT NULL,
    token_id           uuid NOT NULL,
    -- None where the policy's group is everyone.
    membership_id      uuid,
    generation         bigint NOT NULL,
    -- 'pending' until the gateway has confirmed this generation.
    state              text NOT NULL CHECK (state IN ('pending', 'authorized')),
    -- When a pending request has failed.
    deadline           timestamptz,
    -- What the gateway answers with, once.
    ref                uuid UNIQUE,
    expires_at         timestamptz NOT NULL,
    -- The keys for which preshared key and ICE credentials were derived.
    client_public_key  text NOT NULL,
    gateway_public_key text NOT NULL,
    client_remote_ip   inet,
    client_user_agent  text NOT NULL,
    gateway_remote_ip  inet,
    inserted_at        timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now(),
    UNIQUE (account_id, id),
    UNIQUE (account_id, client_id, resource_id, gateway_id),
    CHECK ((state = 'pending') = (deadline IS NOT NULL)),
    CHECK ((state = 'pending') = (ref IS NOT NULL)),
    -- Deferred: the triggers of the referenced tables end the flows first, with their cause. If one ever forgot, the
    -- transaction fails at its commit instead of leaving a grant behind.
    FOREIGN KEY (account_id, client_id) REFERENCES client (account_id, id) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (account_id, resource_id) REFERENCES resource (account_id, id) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (account_id, gateway_id) REFERENCES gateway (account_id, id) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (account_id, policy_id) REFERENCES policy (account_id, id) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (account_id, token_id) REFERENCES token (account_id, id) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (account_id, membership_id) REFERENCES membership (account_id, id) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX flow_resource ON flow (account_id, resource_id);
CREATE INDEX flow_gateway ON flow (account_id, gateway_id);
CREATE INDEX flow_policy ON flow (account_id, policy_id);
CREATE INDEX flow_token ON flow (account_id, token_id);
CREATE INDEX flow_membership ON flow (account_id, membership_id);
CREATE INDEX flow_expiry ON flow (expires_at);
CREATE INDEX flow_deadline ON flow (deadline) WHERE deadline IS NOT NULL;

CREATE TABLE audit_entry (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id  uuid NOT NULL REFERENCES account,
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    action      text NOT NULL
                CHECK (action IN ('flow_granted', 'flow_denied', 'flow_confirmed', 'flow_ended', 'token_created')),
    -- Values and not references: an entry outlives what it is about.
    flow_id     uuid,
    client_id   uuid,
    resource_id uuid,
    gateway_id  uuid,
    policy_id   uuid,
    generation  bigint,
    expires_at  timestamptz,
    -- The typed reason: code and, for conditions, what was violated.
    reason      text,
    properties  text[] NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_entry_account ON audit_entry (account_id, id);
