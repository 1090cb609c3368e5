-- What an account may have and do. Without billing that is everything: no limits, and no list of features.
ALTER TABLE account
    ADD COLUMN legal_name text,
    -- How many of what; of what does not stand here, any number.
    ADD COLUMN limits jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN features text[],
    -- What its admins should know of them, in words.
    ADD COLUMN warning text;

-- Whose customer an account is at Stripe, and what was read there last.
CREATE TABLE subscription (
    account_id      uuid PRIMARY KEY REFERENCES account,
    id              uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    customer_id     text NOT NULL UNIQUE,
    billing_email   text,
    -- Stripe's own words; null where there is none yet.
    subscription_id text,
    status          text,
    product         text,
    support_type    text,
    trial_ends_at   timestamptz,
    -- Why the account is to be disabled, and from when on; null while the subscription goes on.
    ended_reason    text,
    ends_at         timestamptz,
    -- When Stripe was told of the account, by which names, and had a subscription for it.
    provisioned_at  timestamptz,
    told_name       text,
    told_slug       text,
    read_at         timestamptz NOT NULL DEFAULT now(),
    inserted_at     timestamptz NOT NULL DEFAULT now(),
    version         bigint NOT NULL DEFAULT 1,
    CHECK ((ended_reason IS NULL) = (ends_at IS NULL))
);
CREATE INDEX subscription_ends ON subscription (ends_at) WHERE ends_at IS NOT NULL;
ALTER TABLE subscription ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_account ON subscription USING (account_id = current_account());
CREATE TRIGGER raise_version BEFORE UPDATE ON subscription
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION raise_version();
CREATE TRIGGER audit_created AFTER INSERT ON subscription REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION audit_created();
CREATE TRIGGER audit_changed AFTER UPDATE ON subscription REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION audit_changed();
GRANT SELECT, INSERT, UPDATE ON subscription TO "${application_role}";

-- The inbox of Stripe's webhook: each event has its effect once. Kept for longer than Stripe repeats one.
CREATE TABLE stripe_event (
    id           text PRIMARY KEY,
    type         text NOT NULL,
    customer_id  text,
    livemode     boolean NOT NULL,
    created_at   timestamptz NOT NULL,
    processed_at timestamptz NOT NULL DEFAULT now(),
    -- What became of it: applied, ignored, or why it could not be.
    outcome      text NOT NULL
);
CREATE INDEX stripe_event_customer ON stripe_event (customer_id, created_at);
CREATE INDEX stripe_event_processed ON stripe_event (processed_at);
GRANT SELECT, INSERT, DELETE ON stripe_event TO "${application_role}";
