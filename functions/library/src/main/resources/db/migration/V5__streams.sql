-- What devices are told, and who tells them.

-- A running portal. One that has not been seen for a while is dead, and so are its channels.
CREATE TABLE instance (
    id      uuid PRIMARY KEY,
    seen_at timestamptz NOT NULL DEFAULT now()
);

-- The connection of a device that has joined: its owner, and since the newest connection wins, its fence.
CREATE SEQUENCE channel_fence;
CREATE TABLE channel (
    device_id   uuid PRIMARY KEY,
    account_id  uuid NOT NULL REFERENCES account,
    role        text NOT NULL CHECK (role IN ('client', 'gateway')),
    instance_id uuid NOT NULL,
    fence       bigint NOT NULL,
    token_id    uuid NOT NULL,
    -- Whether the peer understands what only our own peers are told.
    own         boolean NOT NULL,
    opened_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX channel_instance ON channel (instance_id);
CREATE INDEX channel_token ON channel (token_id);

-- Devices whose stream waits, so that a test can make them believe what is no longer true.
CREATE TABLE stream_hold (
    device_id  uuid PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES account,
    held_at    timestamptz NOT NULL DEFAULT now()
);

-- Durable messages. The message itself is made at delivery from what then holds, so nothing secret lies here.
CREATE TABLE outbox (
    -- Drawn after the flow's row was locked, which orders what is said about one pair.
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id  uuid NOT NULL REFERENCES account,
    device_id   uuid NOT NULL,
    kind        text NOT NULL CHECK (kind IN (
                    'authorize_flow', 'reject_access', 'expiry_updated', 'resource_filters',
                    'flow_created', 'flow_failed', 'resource', 'resource_moved', 'account', 'disconnect')),
    client_id   uuid,
    gateway_id  uuid,
    resource_id uuid,
    flow_id     uuid,
    generation  bigint,
    expires_at  timestamptz,
    reason      text,
    properties  text[] NOT NULL DEFAULT '{}',
    inserted_at timestamptz NOT NULL DEFAULT now(),
    sent_at     timestamptz
);
CREATE INDEX outbox_unsent ON outbox (device_id, id) WHERE sent_at IS NULL;
CREATE INDEX outbox_sent ON outbox (device_id, sent_at) WHERE sent_at IS NOT NULL;

-- ICE candidates on their way. A crash may lose them: peers send them again.
CREATE UNLOGGED TABLE candidate (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id  uuid NOT NULL,
    device_id   uuid NOT NULL,
    peer_id     uuid NOT NULL,
    removed     boolean NOT NULL,
    candidates  text[] NOT NULL,
    inserted_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX candidate_device ON candidate (device_id, id);

-- A job runs on the instance that holds its lease.
CREATE TABLE lease (
    name       text PRIMARY KEY,
    holder     uuid NOT NULL,
    fence      bigint NOT NULL,
    expires_at timestamptz NOT NULL
);
