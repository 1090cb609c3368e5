-- The audit says what a change made of what, and which request made it; how is in R__audit.

ALTER TABLE audit_entry
    -- Of a row that was created there is no image before, and of one that was deleted none after.
    ADD COLUMN before  jsonb,
    ADD COLUMN after   jsonb,
    ADD COLUMN request text DEFAULT nullif(current_setting('sluice.request', true), '');
