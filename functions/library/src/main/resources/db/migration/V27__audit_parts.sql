-- The audit in parts of a month each: what has been kept for long enough goes as a whole, with its part (R__audit_parts).
-- What stands there already is the first part.

ALTER TABLE audit_entry RENAME TO audit_entry_first;
ALTER INDEX audit_entry_account RENAME TO audit_entry_first_account;
ALTER INDEX audit_entry_decided RENAME TO audit_entry_first_decided;

CREATE TABLE audit_entry (LIKE audit_entry_first INCLUDING DEFAULTS, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE INDEX audit_entry_account ON audit_entry (account_id, id);
CREATE INDEX audit_entry_decided ON audit_entry (client_id, resource_id, id)
    WHERE action IN ('flow_denied', 'flow_granted');
ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_account ON audit_entry USING (account_id = current_account());
GRANT SELECT, INSERT ON audit_entry TO "${application_role}";

DO $$
BEGIN
    -- Numbers go on where they were.
    EXECUTE format('ALTER TABLE audit_entry ALTER id ADD GENERATED ALWAYS AS IDENTITY (START WITH %s)',
                   nextval(pg_get_serial_sequence('audit_entry_first', 'id')));
    ALTER TABLE audit_entry_first ALTER id DROP IDENTITY, DROP CONSTRAINT audit_entry_pkey;
    EXECUTE format('ALTER TABLE audit_entry ATTACH PARTITION audit_entry_first FOR VALUES FROM (MINVALUE) TO (%L)',
                   (date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC');
END $$;
-- Parts are read and written through the whole.
REVOKE ALL ON audit_entry_first FROM "${application_role}";
DROP POLICY of_account ON audit_entry_first;
ALTER TABLE audit_entry_first DISABLE ROW LEVEL SECURITY;
