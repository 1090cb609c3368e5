-- What devices ask for that have no browser (RFC 8628): to be signed in by somebody who types a code at another. Of no account
-- until somebody has said of which: there is nothing in it but what the device said of itself, and hashes.
CREATE TABLE device_authorization (
    id              uuid PRIMARY KEY,
    device_hash     text NOT NULL UNIQUE,
    user_hash       text NOT NULL UNIQUE,
    device_name     text NOT NULL,
    address         text,
    asked_at        timestamptz NOT NULL DEFAULT now(),
    expires_at      timestamptz NOT NULL,
    -- When the device asked last, and how long it has to wait in between.
    polled_at       timestamptz,
    poll_seconds    integer NOT NULL,
    denied_at       timestamptz,
    -- Where it was granted, and the token that it is to be given.
    granted_account uuid,
    token_id        uuid,
    CHECK ((granted_account IS NULL) = (token_id IS NULL))
);
CREATE INDEX device_authorization_expires ON device_authorization (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON device_authorization TO "${application_role}";
