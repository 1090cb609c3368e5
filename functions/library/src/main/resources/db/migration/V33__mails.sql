-- Mails to an account's admins: written with what they tell of, and sent when that is so.
CREATE TABLE outbound_mail (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    account_id  uuid NOT NULL REFERENCES account,
    -- Of one topic nothing more is said for a day.
    topic       text NOT NULL,
    subject     text NOT NULL,
    body        text NOT NULL,
    inserted_at timestamptz NOT NULL DEFAULT now(),
    -- When it is tried, and how often it was in vain.
    due_at      timestamptz NOT NULL DEFAULT now(),
    failures    int NOT NULL DEFAULT 0,
    -- Null while it waits.
    outcome     text CHECK (outcome IN ('sent', 'nobody', 'failed'))
);
CREATE INDEX outbound_mail_topic ON outbound_mail (account_id, topic, inserted_at);
CREATE INDEX outbound_mail_due ON outbound_mail (due_at) WHERE outcome IS NULL;
CREATE INDEX outbound_mail_inserted ON outbound_mail (inserted_at);
ALTER TABLE outbound_mail ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_account ON outbound_mail USING (account_id = current_account());
GRANT SELECT, INSERT, UPDATE, DELETE ON outbound_mail TO "${application_role}";
