-- What went on in an account, minute by minute, for the eyes of its admins (R__activity). What it is counted from is found by
-- its time: a range of blocks for each some entries, which costs their writing next to nothing.

CREATE INDEX audit_entry_at ON audit_entry USING brin (at) WITH (autosummarize = on);

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
