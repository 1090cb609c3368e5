-- Who changed what: see V8. A changed value leaves an entry, and one that is written again does not.

-- A changed connection is one that was removed, and another one.
CREATE OR REPLACE FUNCTION audit_connection_changed() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM audit_rows('resource_site_deleted', (
        SELECT coalesce(jsonb_agg(to_jsonb(o)), '[]') FROM (SELECT * FROM old_rows EXCEPT SELECT * FROM new_rows) AS o));
    PERFORM audit_rows('resource_site_created', (
        SELECT coalesce(jsonb_agg(to_jsonb(n)), '[]') FROM (SELECT * FROM new_rows EXCEPT SELECT * FROM old_rows) AS n));
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER audit_changed AFTER UPDATE ON resource_site
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION audit_connection_changed();
DROP TRIGGER IF EXISTS audit_left ON resource_site;
DROP TRIGGER IF EXISTS audit_moved ON resource_site;
