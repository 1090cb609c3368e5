-- Devices that are online: their channel stands, and its instance has been seen lately.

CREATE VIEW live_instance WITH (security_invoker = true) AS
    SELECT id FROM instance WHERE seen_at > now() - interval '15 seconds';
CREATE VIEW online WITH (security_invoker = true) AS
    SELECT c.device_id, c.account_id, c.role FROM channel c JOIN live_instance i ON i.id = c.instance_id;
GRANT SELECT ON live_instance, online TO "${application_role}";

-- What is said to devices and what the audit says name values, and outlive what they are about. Checking that the account
-- is there would write its row with every entry, and all entries share it.
ALTER TABLE outbox DROP CONSTRAINT outbox_account_id_fkey;
ALTER TABLE audit_entry DROP CONSTRAINT audit_entry_account_id_fkey;
