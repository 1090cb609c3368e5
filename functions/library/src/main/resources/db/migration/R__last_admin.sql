-- An account that is in use keeps somebody who can administer it. Whoever changes actors is alone in their account, or in
-- all, so that two who remove one admin each do not leave none.
CREATE OR REPLACE FUNCTION keep_an_admin() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE deserted text;
BEGIN
    SELECT t.slug INTO deserted FROM account t
    WHERE t.disabled_at IS NULL
      AND t.id IN (SELECT account_id FROM old_rows WHERE type = 'admin' AND disabled_at IS NULL)
      AND NOT EXISTS (SELECT FROM actor a WHERE a.account_id = t.id AND a.type = 'admin' AND a.disabled_at IS NULL)
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the last enabled admin of account % cannot be disabled, demoted or deleted', deserted
            USING ERRCODE = 'restrict_violation', HINT = 'Make somebody else an admin first, or disable the account.';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER keep_an_admin AFTER UPDATE ON actor
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION keep_an_admin();
CREATE OR REPLACE TRIGGER keep_an_admin_deleted AFTER DELETE ON actor
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION keep_an_admin();
