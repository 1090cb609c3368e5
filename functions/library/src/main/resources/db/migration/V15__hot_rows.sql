-- A flow is asked for again and again, and each time its row changes. What changes has no index, so that it changes in
-- place, and its checks are of a kind that need not be read anew for every statement.

-- Which requests to look at, and when; whether one has failed says its flow. Without an index: it holds some seconds' worth.
DROP INDEX flow_deadline;
CREATE TABLE flow_deadline (
    flow_id uuid NOT NULL,
    at      timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON flow_deadline TO "${application_role}";
INSERT INTO flow_deadline (flow_id, at) SELECT id, deadline FROM flow WHERE deadline IS NOT NULL;

-- A gateway's answer names the flow beside the ref.
ALTER TABLE flow DROP CONSTRAINT flow_ref_key;
ALTER TABLE flow SET (fillfactor = 60);

CREATE DOMAIN flow_state AS text CHECK (VALUE IN ('pending', 'authorized'));
ALTER TABLE flow
    DROP CONSTRAINT flow_state_check,
    DROP CONSTRAINT flow_check,
    DROP CONSTRAINT flow_check1,
    ALTER COLUMN state TYPE flow_state,
    ADD CONSTRAINT flow_pending CHECK (
        (state = 'pending') = (deadline IS NOT NULL) AND (state = 'pending') = (ref IS NOT NULL));

CREATE DOMAIN outbox_kind AS text CHECK (VALUE IN (
    'authorize_flow', 'reject_access', 'expiry_updated', 'resource_filters',
    'flow_created', 'flow_failed', 'resource', 'resource_moved', 'account', 'disconnect'));
ALTER TABLE outbox DROP CONSTRAINT outbox_kind_check, ALTER COLUMN kind TYPE outbox_kind;

CREATE DOMAIN audit_action AS text CHECK (
    VALUE IN ('flow_granted', 'flow_denied', 'flow_confirmed', 'flow_ended', 'flow_shortened', 'access_rejected')
    OR VALUE ~ '^(account|actor|actor_group|membership|site|token|resource|resource_site|policy|stream_hold|client|gateway)_(created|changed|deleted)$');
ALTER TABLE audit_entry DROP CONSTRAINT audit_entry_action_check, ALTER COLUMN action TYPE audit_action;
