-- Connections of devices that nobody here holds: a gateway service in front of functions does, which calls a function with
-- what a device says, and is called with what the device is to be told.

-- How long an instance may be silent and counts all the same. What stands for one connection alone is seen when the device
-- says something.
ALTER TABLE instance ADD COLUMN silence interval NOT NULL DEFAULT '15 seconds';
CREATE OR REPLACE VIEW live_instance WITH (security_invoker = true) AS
    SELECT id FROM instance WHERE seen_at > now() - silence;

-- Each is an instance of its own, by which it serves its device's channel once that has joined.
CREATE TABLE pushed_connection (
    id              uuid PRIMARY KEY REFERENCES instance ON DELETE CASCADE,
    account_id      uuid NOT NULL REFERENCES account,
    -- Where the service is asked to tell it something.
    address         text NOT NULL UNIQUE,
    device_id       uuid NOT NULL,
    role            text NOT NULL CHECK (role IN ('client', 'gateway')),
    token_id        uuid NOT NULL,
    secret_id       uuid NOT NULL,
    own             boolean NOT NULL,
    dialect         text NOT NULL CHECK (dialect IN ('V1', 'V2')),
    opened_at       timestamptz NOT NULL DEFAULT now(),
    -- How many pushes it was sent, and which resources it was offered by them.
    said            bigint NOT NULL DEFAULT 0,
    offered         uuid[] NOT NULL DEFAULT '{}',
    -- The device asks for the whole of what holds.
    snapshot_wanted boolean NOT NULL DEFAULT false,
    -- When what it was told was last held against what holds.
    checked_at      timestamptz NOT NULL DEFAULT now(),
    -- Who tells the device something now, which one does at a time; null if nobody does.
    lease           uuid,
    leased_until    timestamptz
) WITH (fillfactor = 50);
CREATE INDEX pushed_connection_device ON pushed_connection (device_id);
ALTER TABLE pushed_connection ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_account ON pushed_connection USING (account_id = current_account());
GRANT SELECT, INSERT, UPDATE, DELETE ON pushed_connection TO "${application_role}";
