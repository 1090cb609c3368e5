-- Who is refused may ask again and again: that is one entry, which says how often, and when last.
ALTER TABLE audit_entry
    ADD COLUMN count   bigint NOT NULL DEFAULT 1,
    ADD COLUMN last_at timestamptz;
CREATE INDEX audit_entry_decided ON audit_entry (client_id, resource_id, id)
    WHERE action IN ('flow_denied', 'flow_granted');
