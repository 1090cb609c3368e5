-- What went on in an account, minute by minute, for the eyes of its admins (R__activity).

CREATE TABLE activity (
    account_id uuid NOT NULL REFERENCES account,
    minute     timestamptz NOT NULL,
    granted    bigint NOT NULL,
    denied     bigint NOT NULL,
    ended      bigint NOT NULL,
    -- In milliseconds, of all but the slowest hundredth: from a grant to its gateway's word; from an end to its being sent.
    decided    double precision,
    revoked    double precision,
    PRIMARY KEY (account_id, minute)
);
CREATE INDEX activity_minute ON activity (minute);
ALTER TABLE activity ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_account ON activity USING (account_id = current_account());
GRANT SELECT ON activity TO "${application_role}";

-- How far the audit and the outbox had come when. What is counted is found by that: an index by time would have to be written with each
-- entry, and be made here while nobody can write any.
CREATE TABLE activity_mark (
    at        timestamptz PRIMARY KEY,
    entry_id  bigint NOT NULL,
    outbox_id bigint NOT NULL
);
