-- A token may have two secrets at once, so that it can be given a new one while the old one is still in use. What a device
-- is granted rests on the secret with which it signed in.

CREATE TABLE token_secret (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    account_id   uuid NOT NULL REFERENCES account,
    token_id     uuid NOT NULL,
    -- The first or the second of its token: there is no third.
    place        smallint NOT NULL DEFAULT 1 CHECK (place IN (1, 2)),
    salt         text NOT NULL,
    -- Lower-case hexadecimal SHA3-256 of nonce, fragment and salt.
    hash         text NOT NULL,
    inserted_at  timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz,
    UNIQUE (account_id, id),
    UNIQUE (account_id, token_id, id),
    UNIQUE (token_id, place),
    FOREIGN KEY (account_id, token_id) REFERENCES token (account_id, id) DEFERRABLE INITIALLY DEFERRED
);
GRANT SELECT, INSERT, UPDATE, DELETE ON token_secret TO "${application_role}";

INSERT INTO token_secret (account_id, token_id, salt, hash, inserted_at, last_seen_at)
SELECT account_id, id, secret_salt, secret_hash, inserted_at, last_seen_at FROM token;

ALTER TABLE channel ADD COLUMN secret_id uuid;
UPDATE channel SET secret_id = s.id FROM token_secret s WHERE s.token_id = channel.token_id;
DELETE FROM channel WHERE secret_id IS NULL;
ALTER TABLE channel ALTER COLUMN secret_id SET NOT NULL;
CREATE INDEX channel_secret ON channel (secret_id);

ALTER TABLE flow ADD COLUMN secret_id uuid;
UPDATE flow SET secret_id = s.id FROM token_secret s WHERE s.account_id = flow.account_id AND s.token_id = flow.token_id;
-- A table that waits for checks cannot be altered.
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE flow
    ALTER COLUMN secret_id SET NOT NULL,
    DROP CONSTRAINT flow_account_id_token_id_fkey,
    ADD FOREIGN KEY (account_id, token_id, secret_id) REFERENCES token_secret (account_id, token_id, id)
        DEFERRABLE INITIALLY DEFERRED;
DROP INDEX flow_token;
CREATE INDEX flow_token ON flow (account_id, token_id, secret_id);

-- What R__revocation has instead.
DROP TRIGGER IF EXISTS turn ON token;
ALTER TABLE token DROP COLUMN secret_salt, DROP COLUMN secret_hash, DROP COLUMN last_seen_at;

ALTER DOMAIN audit_action DROP CONSTRAINT audit_action_check;
ALTER DOMAIN audit_action ADD CONSTRAINT audit_action_check CHECK (
    VALUE IN ('flow_granted', 'flow_denied', 'flow_confirmed', 'flow_ended', 'flow_shortened', 'flow_handed_over',
              'access_rejected')
    OR VALUE ~ '^(account|actor|actor_group|membership|site|token|token_secret|resource|resource_site|policy|stream_hold|client|gateway)_(created|changed|deleted)$');

CREATE TRIGGER audit_created AFTER INSERT ON token_secret REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION audit_created();
CREATE TRIGGER audit_deleted AFTER DELETE ON token_secret REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION audit_deleted();
CREATE TRIGGER audit_changed AFTER UPDATE ON token_secret REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION audit_changed();
